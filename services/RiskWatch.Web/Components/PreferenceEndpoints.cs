using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using RiskWatch.Web.Localization;

namespace RiskWatch.Web.Components;

/// <summary>Keeps the chosen language in a cookie; the page is made anew in it.</summary>
internal static class PreferenceEndpoints
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    public static void MapPreferences(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/language/{tag}", Language).ExcludeFromDescription();

    private static Results<RedirectHttpResult, NotFound> Language(string tag, string? back, HttpContext http)
    {
        if (LanguageChoice.Parse(tag) is not { } language)
        {
            return TypedResults.NotFound();
        }

        http.Response.Cookies.Append(LanguageChoice.Cookie, language == Localization.Language.Zh ? "zh" : "en", new CookieOptions { MaxAge = Kept, SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true });
        return TypedResults.LocalRedirect(IsLocal(back) ? back! : "/");
    }

    private static bool IsLocal(string? path) => path is ['/', ..] and not ['/', '/' or '\\', ..];
}
