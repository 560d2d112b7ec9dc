using System.Runtime.CompilerServices;

namespace ModelCollapse;

/// <summary>Makes the kinds of this assembly known as soon as anything in it is used.</summary>
static class Registration
{
#pragma warning disable CA2255 // a library that adds to a registry of its own is what this is for
    [ModuleInitializer]
    internal static void Register() => Kinds.Register(typeof(Registration).Assembly);
#pragma warning restore CA2255
}
