using System.Collections.Frozen;

namespace ControlPlane.GitHub.Repositories;

/// <summary>The templates that a repository can be created with: the names at the top of github/gitignore, compared with case.</summary>
internal static class GitignoreTemplates
{
    public static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        "AL", "Actionscript", "Ada", "AdventureGameStudio", "Agda", "Android", "Angular", "AppEngine", "AppceleratorTitanium",
        "ArchLinuxPackages", "Autotools", "Ballerina", "C", "C++", "CFWheels", "CMake", "CUDA", "CakePHP", "ChefCookbook", "Clojure",
        "CodeIgniter", "CommonLisp", "Composer", "Concrete5", "Coq", "CraftCMS", "D", "DM", "Dart", "Delphi", "Deno", "Dotnet",
        "Drupal", "EPiServer", "Eagle", "Elisp", "Elixir", "Elm", "Erlang", "ExpressionEngine", "ExtJs", "Fancy", "Finale",
        "Firebase", "FlaxEngine", "Flutter", "ForceDotCom", "Fortran", "FuelPHP", "GWT", "Gcov", "GitBook", "GitHubPages", "Gleam",
        "Go", "Godot", "Gradle", "Grails", "HIP", "Haskell", "Haxe", "IAR", "IGORPro", "Idris", "JBoss", "JENKINS_HOME", "Java",
        "Jekyll", "Joomla", "Julia", "Katalon", "KiCad", "Kohana", "Kotlin", "LabVIEW", "LangChain", "Laravel", "Lasal", "Lean",
        "Leiningen", "LemonStand", "Lilypond", "Lithium", "Lua", "Luau", "Magento", "Maven", "Mercury", "MetaProgrammingSystem",
        "ModelSim", "Modelica", "MoonBit", "Nanoc", "Nestjs", "Nextjs", "Nim", "Nix", "Node", "OCaml", "Objective-C", "Opa",
        "OpenCart", "OracleForms", "Packer", "Perl", "Phalcon", "PlayFramework", "Plone", "Prestashop", "Processing", "PureScript",
        "Python", "Qooxdoo", "Qt", "R", "ROS", "Racket", "Rails", "Raku", "ReScript", "RhodesRhomobile", "Ruby", "Rust", "SCons",
        "SSDT-sqlproj", "Salesforce", "Sass", "Scala", "Scheme", "Scrivener", "Sdcc", "SeamGen", "SketchUp", "Smalltalk",
        "SolidWorks", "Solidity-Remix", "Stella", "SugarCRM", "Swift", "Symfony", "SymphonyCMS", "TeX", "Terraform", "TestComplete",
        "Textpattern", "TurboGears2", "TwinCAT3", "Typo3", "Unity", "UnrealEngine", "VBA", "VVVV", "VisualStudio", "Waf", "WordPress",
        "Xojo", "Yeoman", "Yii", "ZendFramework", "Zephir", "Zig", "bun", "ecu.test",
    ],
    StringComparer.Ordinal);
}
