using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using RiskWatch.Web.Localization;

namespace RiskWatch.Web.Components;

/// <summary>The static frame of the console.</summary>
public sealed partial class App
{
    // Pages hold live queries; rendering them twice would ask the store twice and flicker.
    private static readonly InteractiveServerRenderMode Mode = new(prerender: false);

    private Language _language;
    private bool _dark;
    private string _person = "";
    private Words _words = new(Language.En);

    [CascadingParameter]
    private HttpContext? Http { get; set; }

    protected override void OnInitialized()
    {
        var cookies = Http?.Request.Cookies;
        _language = LanguageChoice.Of(cookies?[LanguageChoice.Cookie], Http?.Request.Headers.AcceptLanguage);
        _dark = cookies?["rw-theme"] != "light";
        _person = Uri.UnescapeDataString(cookies?["rw-name"] ?? "");
        _words = new Words(_language);
    }
}
