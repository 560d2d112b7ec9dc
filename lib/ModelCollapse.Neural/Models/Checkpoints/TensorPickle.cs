using System.Buffers.Binary;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Models.Checkpoints;

/// <summary>
/// A pickle machine that understands what <c>torch.save</c> writes for a dictionary of tensors, and refuses everything else by
/// name. A global is only ever a name here: the few that are allowed stand for rules of this class, and no code is looked up.
/// </summary>
/// <param name="pickle">The bytes of <c>data.pkl</c>.</param>
/// <param name="path">The file, for messages.</param>
sealed class TensorPickle(byte[] pickle, string path)
{
    const string RebuildTensor = "torch._utils _rebuild_tensor_v2", RebuildParameter = "torch._utils _rebuild_parameter", OrderedDict = "collections OrderedDict";
    static readonly object Mark = new();

    static readonly Dictionary<string, ScalarType> Storages = new()
    {
        ["torch DoubleStorage"] = float64, ["torch FloatStorage"] = float32, ["torch HalfStorage"] = float16, ["torch BFloat16Storage"] = bfloat16,
        ["torch LongStorage"] = int64, ["torch IntStorage"] = int32, ["torch ShortStorage"] = int16, ["torch CharStorage"] = int8,
        ["torch ByteStorage"] = uint8, ["torch BoolStorage"] = @bool,
    };

    readonly Stack<object?> stack = new();
    readonly Dictionary<long, object?> memo = [];
    int at;

    /// <summary>The tensors of the dictionary, in its order.</summary>
    /// <exception cref="InputException">The pickle asks for anything but tensors, or is damaged.</exception>
    public IReadOnlyList<KeyValuePair<string, PickledTensor>> Read()
    {
        try
        {
            return [.. from entry in (Run() as PickledDictionary ?? throw Damaged("it does not hold a dictionary of tensors")).Items
                       where entry.Key is string && entry.Value is PickledTensor
                       select KeyValuePair.Create((string)entry.Key!, (PickledTensor)entry.Value!)];
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidCastException or IndexOutOfRangeException or ArgumentException or KeyNotFoundException or OverflowException or NullReferenceException)
        {
            throw Damaged($"its pickle makes no sense at byte {at}");
        }
    }

    object? Run()
    {
        while (true)
        {
            var op = (char)pickle[at++];
            switch (op)
            {
                case '\x80': at++; break; // PROTO
                case '\x95': at += 8; break; // FRAME
                case '.': return stack.Pop(); // STOP
                case '(': stack.Push(Mark); break;
                case 'N': stack.Push(null); break;
                case '\x88': stack.Push(true); break;
                case '\x89': stack.Push(false); break;
                case 'K': stack.Push((long)pickle[at++]); break;
                case 'M': stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
                case 'J': stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
                case '\x8a': stack.Push(LongInteger(Take(pickle[at++]))); break;
                case 'G': stack.Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
                case '\x8c': stack.Push(Text(pickle[at++])); break; // SHORT_BINUNICODE
                case 'X': stack.Push(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break; // BINUNICODE
                case '}': stack.Push(new PickledDictionary()); break;
                case ']': stack.Push(new List<object?>()); break;
                case ')': stack.Push(Array.Empty<object?>()); break;
                case 't': stack.Push(PopToMark()); break;
                case '\x85': stack.Push(new[] { stack.Pop() }); break; // TUPLE1
                case '\x86': stack.Push(Pop(2)); break;
                case '\x87': stack.Push(Pop(3)); break;
                case 's': Set(Pop(2)); break; // SETITEM
                case 'u': Set(PopToMark()); break; // SETITEMS
                case 'a': ((List<object?>)Peek(1)).Add(stack.Pop()); break; // APPEND
                case 'e': var more = PopToMark(); ((List<object?>)stack.Peek()!).AddRange(more); break; // APPENDS
                case 'q': memo[pickle[at++]] = stack.Peek(); break; // BINPUT
                case 'r': memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = stack.Peek(); break;
                case '\x94': memo[memo.Count] = stack.Peek(); break; // MEMOIZE
                case 'h': stack.Push(memo[pickle[at++]]); break; // BINGET
                case 'j': stack.Push(memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))]); break;
                case 'c': stack.Push(Allowed(Line(), Line())); break; // GLOBAL
                case '\x93': var names = Pop(2); stack.Push(Allowed((string)names[0]!, (string)names[1]!)); break; // STACK_GLOBAL
                case 'Q': stack.Push(Storage((object?[])stack.Pop()!)); break; // BINPERSID
                case 'R': var call = Pop(2); stack.Push(Call((PickledGlobal)call[0]!, (object?[])call[1]!)); break; // REDUCE
                case 'b': stack.Pop(); break; // BUILD: attributes such as _metadata of a state dict, which no tensor needs
                default: throw Refused($"the pickle instruction 0x{(int)op:x2}");
            }
        }
    }

    PickledGlobal Allowed(string module, string name)
    {
        var full = $"{module} {name}";
        return full is RebuildTensor or RebuildParameter or OrderedDict || Storages.ContainsKey(full) ? new(full) : throw Refused($"{module}.{name}");
    }

    object? Call(PickledGlobal function, object?[] arguments) => function.Name switch
    {
        OrderedDict => new PickledDictionary(),
        RebuildParameter => (PickledTensor)arguments[0]!,
        RebuildTensor => new PickledTensor(Integers(arguments[2]), Integers(arguments[3]), (long)arguments[1]!, (PickledStorage?)arguments[0] ?? throw Damaged("a tensor has no storage")),
        _ => throw Refused($"a call of {function.Name.Replace(' ', '.')}"),
    };

    PickledStorage Storage(object?[] id) => id is ["storage", PickledGlobal { Name: var type }, string key, _, long count] && Storages.TryGetValue(type, out var dtype) && count >= 0
        ? new(key, dtype, count) : throw Damaged("it refers to a storage that is described wrongly");

    void Set(object?[] pairs)
    {
        var target = (PickledDictionary)stack.Peek()!;
        for (var i = 0; i < pairs.Length; i += 2) target.Items.Add(KeyValuePair.Create(pairs[i], pairs[i + 1]));
    }

    static long[] Integers(object? tuple) => [.. ((object?[])tuple!).Select(v => (long)v!)];

    object?[] Pop(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--) items[i] = stack.Pop();
        return items;
    }

    object?[] PopToMark()
    {
        var items = new List<object?>();
        for (var item = stack.Pop(); !ReferenceEquals(item, Mark); item = stack.Pop()) items.Add(item);
        items.Reverse();
        return [.. items];
    }

    object Peek(int below) => stack.ElementAt(below)!;

    ReadOnlySpan<byte> Take(long count)
    {
        if (count > pickle.Length - at) throw Damaged("its pickle ends too early");
        at += (int)count;
        return pickle.AsSpan(at - (int)count, (int)count);
    }

    string Text(long length) => Encoding.UTF8.GetString(Take(length));

    string Line()
    {
        var end = Array.IndexOf(pickle, (byte)'\n', at);
        var line = Text(end - at);
        at = end + 1;
        return line;
    }

    long LongInteger(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        0 => 0,
        <= 8 => (long)new System.Numerics.BigInteger(bytes),
        _ => throw Damaged("it holds a number beyond 64 bits"),
    };

    InputException Refused(string what) =>
        new($"{path} asks to load {what}, which a checkpoint of tensors does not need: it was not opened; get the model from a source that you trust, best as safetensors.");

    InputException Damaged(string why) => new($"{path} is damaged: {why}; download it again.");
}

sealed record PickledGlobal(string Name);

sealed class PickledDictionary
{
    public List<KeyValuePair<object?, object?>> Items { get; } = [];
}
