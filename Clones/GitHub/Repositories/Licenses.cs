using System.Text;
using System.Text.Json;
using ControlPlane.GitHub.Http;

namespace ControlPlane.GitHub.Repositories;

/// <summary>The licenses that a repository can be created with: GitHub's keys, names and SPDX ids.</summary>
internal static class Licenses
{
    private static readonly (string Key, string Name, string Spdx, int Id)[] Known =
    [
        ("agpl-3.0", "GNU Affero General Public License v3.0", "AGPL-3.0", 1),
        ("apache-2.0", "Apache License 2.0", "Apache-2.0", 2),
        ("bsd-2-clause", "BSD 2-Clause \"Simplified\" License", "BSD-2-Clause", 4),
        ("bsd-3-clause", "BSD 3-Clause \"New\" or \"Revised\" License", "BSD-3-Clause", 5),
        ("bsl-1.0", "Boost Software License 1.0", "BSL-1.0", 28),
        ("cc0-1.0", "Creative Commons Zero v1.0 Universal", "CC0-1.0", 6),
        ("epl-2.0", "Eclipse Public License 2.0", "EPL-2.0", 32),
        ("gpl-2.0", "GNU General Public License v2.0", "GPL-2.0", 8),
        ("gpl-3.0", "GNU General Public License v3.0", "GPL-3.0", 9),
        ("lgpl-2.1", "GNU Lesser General Public License v2.1", "LGPL-2.1", 11),
        ("mit", "MIT License", "MIT", 13),
        ("mpl-2.0", "Mozilla Public License 2.0", "MPL-2.0", 14),
        ("unlicense", "The Unlicense", "Unlicense", 15),
    ];

    public static bool IsKnown(string key) => Known.Any(license => license.Key == key);

    public static void Write(Utf8JsonWriter json, string? key, Links links)
    {
        if (key is null)
        {
            json.WriteNull("license");
            return;
        }

        var (_, name, spdx, id) = Known.Single(license => license.Key == key);
        json.WriteStartObject("license");
        json.WriteString("key", key);
        json.WriteString("name", name);
        json.WriteString("spdx_id", spdx);
        json.WriteString("url", $"{links.Api}/licenses/{key}");

        // Licenses got their ids before ids took their present form.
        json.WriteString("node_id", Convert.ToBase64String(Encoding.ASCII.GetBytes($"07:License{id}")));
        json.WriteEndObject();
    }
}
