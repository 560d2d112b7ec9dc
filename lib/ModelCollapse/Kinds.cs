using System.Reflection;

namespace ModelCollapse;

/// <summary>
/// The name under which JSON knows a type: recipes, claims and stored decisions say <c>{ "kind": "replace" }</c>. A type that has one, and whose
/// assembly is <see cref="Kinds.Register">registered</see>, is found by every reader of its family; nothing else has to be told of it.
/// </summary>
/// <param name="name">The name: unique in the family.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class KindAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name => name;
}

/// <summary>Marks an abstract type or an interface whose implementations are told apart in JSON by their <see cref="KindAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, Inherited = false)]
public sealed class KindFamilyAttribute : Attribute
{
    /// <summary>The field that names the kind.</summary>
    public const string Field = "kind";
}

/// <summary>All kinds of all registered assemblies: policies, curators, metrics, corpora, decoding rules, claims.</summary>
public static class Kinds
{
    static readonly Lock Gate = new();
    static readonly List<Assembly> Registered = [typeof(Kinds).Assembly];
    static readonly Dictionary<Type, IReadOnlyDictionary<string, Type>> Families = [];

    /// <summary>Changes with every assembly that is added.</summary>
    internal static int Version { get; private set; }

    /// <summary>Adds the kinds of an assembly; once is enough, more does no harm.</summary>
    /// <param name="assembly">The assembly.</param>
    public static void Register(Assembly assembly)
    {
        lock (Gate)
        {
            if (Registered.Contains(assembly)) return;
            Registered.Add(assembly);
            Families.Clear();
            Version++;
        }
    }

    /// <summary>The registered assemblies, the library's own first.</summary>
    public static IReadOnlyList<Assembly> Assemblies
    {
        get
        {
            lock (Gate) return [.. Registered];
        }
    }

    /// <summary>The kinds of a family by name, sorted; generic types are closed with the family's type argument.</summary>
    /// <param name="family">A type with <see cref="KindFamilyAttribute"/>.</param>
    /// <exception cref="InputException">Two types have one name.</exception>
    public static IReadOnlyDictionary<string, Type> Of(Type family)
    {
        lock (Gate)
        {
            if (Families.TryGetValue(family, out var known)) return known;
            var found = new SortedDictionary<string, Type>(StringComparer.Ordinal);
            foreach (var type in Registered.SelectMany(TypesOf))
            {
                if (type.IsAbstract || NameOf(type) is not { } name || Closed(type, family) is not { } closed) continue;
                if (!found.TryAdd(name, closed))
                    throw new InputException($"{type} and {found[name]} are both the kind '{name}': rename one of them.");
            }

            return Families[family] = found;
        }
    }

    /// <summary>The name of a type; null where it has none.</summary>
    /// <param name="type">The type.</param>
    public static string? NameOf(Type type) => type.GetCustomAttribute<KindAttribute>(inherit: false)?.Name;

    /// <summary>Whether a type is a family of kinds.</summary>
    internal static bool IsFamily(Type type) => type.IsDefined(typeof(KindFamilyAttribute), inherit: false);

    /// <summary>The types that can be loaded: others lack an assembly that nobody here uses.</summary>
    static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return e.Types.OfType<Type>();
        }
    }

    static Type? Closed(Type type, Type family)
    {
        if (!type.IsGenericTypeDefinition) return family.IsAssignableFrom(type) ? type : null;
        if (!family.IsConstructedGenericType || type.GetGenericArguments().Length != family.GenericTypeArguments.Length) return null;
        try
        {
            var closed = type.MakeGenericType(family.GenericTypeArguments);
            return family.IsAssignableFrom(closed) ? closed : null;
        }
        catch (ArgumentException)
        {
            return null; // the arguments do not meet its constraints
        }
    }
}
