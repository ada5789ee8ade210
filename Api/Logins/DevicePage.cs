using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using ControlPlane.Auth;

namespace ControlPlane.Logins;

/// <summary>The page as text. It loads nothing: its style is in it, allowed by its digest, and there is no script.</summary>
internal static class DevicePage
{
    private const string Style = """
        :root{color-scheme:light dark;--bg:#f4f5f7;--card:#fff;--text:#1c2024;--soft:#5b6470;--line:#c9ced6;--go:#1f5fd6;--goText:#fff;--bad:#b3261e;--badBg:#fdecea}
        @media(prefers-color-scheme:dark){:root{--bg:#14171b;--card:#1d2126;--text:#e8eaed;--soft:#a3acb8;--line:#434b56;--go:#8ab4f8;--goText:#0d1b33;--bad:#ffb4ab;--badBg:#3b1d1b}}
        *{box-sizing:border-box}
        body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--bg);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
        main{width:100%;max-width:27rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.75rem}
        h1{margin:0 0 .5rem;font-size:1.35rem;line-height:1.3}
        p{margin:0 0 1.1rem;color:var(--soft)}
        label{display:block;font-weight:600;margin:0 0 .3rem}
        input{width:100%;font:inherit;padding:.65rem .75rem;margin:0 0 1.1rem;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:.5rem}
        #user_code{font-family:ui-monospace,monospace;font-size:1.25rem;letter-spacing:.12em;text-transform:uppercase}
        button{width:100%;font:inherit;font-weight:600;padding:.7rem;border-radius:.5rem;border:1px solid var(--go);background:var(--go);color:var(--goText);cursor:pointer}
        button.no{background:none;color:var(--text);border-color:var(--line);margin-top:.6rem}
        :focus-visible{outline:3px solid var(--go);outline-offset:2px}
        .bad{color:var(--bad);background:var(--badBg);border-radius:.5rem;padding:.65rem .75rem}
        dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1rem;margin:0 0 1.1rem;padding:.9rem 1rem;background:var(--bg);border-radius:.5rem}
        dt{color:var(--soft)}
        dd{margin:0;overflow-wrap:anywhere;font-weight:600}
        code{font-family:ui-monospace,monospace}
        """;

    /// <summary>Nothing may be loaded, framed or sent elsewhere.</summary>
    public static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; " +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>The two fields.</summary>
    /// <param name="code">What is in the first already.</param>
    /// <param name="problem">What was wrong before; null: nothing.</param>
    public static string Ask(string code, string? problem = null) => Page("Log in a device", $"""
        <h1>Log in a device</h1>
        <p>Type the code that the device shows, and a personal token of yours. The next page says who asks; nothing is allowed before that.</p>
        {(problem is null ? "" : $"<p class=\"bad\" role=\"alert\">{Text(problem)}</p>")}
        <form method="post" action="/device" autocomplete="off">
        <label for="user_code">Code</label>
        <input id="user_code" name="user_code" value="{Text(code)}" placeholder="XXXX-XXXX" maxlength="32" required autocapitalize="characters" autocorrect="off" spellcheck="false"{(code.Length == 0 ? " autofocus" : "")}>
        <label for="token">Token</label>
        <input id="token" name="token" type="password" maxlength="256" required autocomplete="off" spellcheck="false"{(code.Length == 0 ? "" : " autofocus")}>
        <button>Continue</button>
        </form>
        """);

    /// <summary>Who asks, and the second press. The token goes with it as it was typed; this answer is kept nowhere.</summary>
    public static string Confirm(DeviceApproval login, string token) => Page("Let this device in?", $"""
        <h1>Let this device in?</h1>
        <p>It will act as you. Go on only if you began this login yourself a moment ago and your device shows this very code.</p>
        <dl>
        <dt>Code</dt><dd><code>{Text(login.UserCode)}</code></dd>
        <dt>Device</dt><dd>{Text(login.ClientName ?? "did not give a name")}</dd>
        <dt>From</dt><dd>{Text(login.Address ?? "an unknown address")}</dd>
        <dt>Workspace</dt><dd>{Text(login.Workspace)}</dd>
        </dl>
        <form method="post" action="/device" autocomplete="off">
        <input type="hidden" name="user_code" value="{Text(login.UserCode)}">
        <input type="hidden" name="token" value="{Text(token)}">
        <button name="decision" value="approve">Let it in</button>
        <button class="no" name="decision" value="deny">Refuse</button>
        </form>
        """);

    /// <summary>What has become of it.</summary>
    public static string Done(DeviceApproval login) => login.Status == "approved"
        ? Page("Device logged in", "<h1>The device is let in</h1><p>It has its login in a few seconds. You can close this page.</p>")
        : Page("Device refused", "<h1>The device is refused</h1><p>It gets no login. You can close this page.</p>");

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);

    private static string Page(string title, string content) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <title>{title}</title>
        <style>{Style}</style>
        </head>
        <body>
        <main>
        {content}
        </main>
        </body>
        </html>
        """;
}
