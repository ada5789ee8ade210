using ControlPlane.Auth;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ControlPlane.Operations;

internal static class OperatorNeeded
{
    /// <summary>Everything in the group is for operators, and is refused to others before anything of it is looked at.</summary>
    public static RouteGroupBuilder NeedOperator(this RouteGroupBuilder group)
    {
        group.ForOwners().AddEndpointFilter(static (context, next) =>
        {
            var options = context.HttpContext.RequestServices.GetRequiredService<IOptions<OperatorOptions>>().Value;
            options.MustOperate(Acting.On(context.HttpContext).Caller);
            return next(context);
        });
        return group;
    }
}
