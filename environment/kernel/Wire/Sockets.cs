using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace ModelCollapse.Kernel.Wire;

/// <summary>The five sockets. All of them live on one poller thread, which NetMQ demands; others hand messages over in a queue.</summary>
sealed class Sockets
{
    readonly MessageSigning signing;
    readonly RouterSocket shell = new(), control = new(), stdin = new();
    readonly ResponseSocket heartbeat = new();
    readonly PublisherSocket iopub = new();
    readonly NetMQQueue<(NetMQSocket? Socket, NetMQMessage? Message, Action? Then)> outgoing = new();
    readonly NetMQPoller poller;

    public Sockets(Connection connection)
    {
        signing = new(connection.Key);
        // Output is limited by the cell, see OutputCapture: here nothing may be dropped.
        iopub.Options.SendHighWatermark = 0;
        foreach (var (socket, port) in new (NetMQSocket, int)[]
                 {
                     (shell, connection.Shell), (control, connection.Control), (stdin, connection.Stdin), (heartbeat, connection.Heartbeat), (iopub, connection.IOPub),
                 })
        {
            socket.Bind(connection.Address(port));
        }
        poller = [shell, control, stdin, heartbeat, iopub, outgoing];
        shell.ReceiveReady += (_, _) => Receive(shell, m => ShellRequest?.Invoke(m));
        control.ReceiveReady += (_, _) => Receive(control, m => ControlRequest?.Invoke(m));
        stdin.ReceiveReady += (_, _) => Receive(stdin, m => InputReply?.Invoke(m));
        heartbeat.ReceiveReady += (_, _) => heartbeat.SendMultipartMessage(heartbeat.ReceiveMultipartMessage());
        outgoing.ReceiveReady += (_, _) =>
        {
            while (outgoing.TryDequeue(out var next, TimeSpan.Zero))
            {
                if (next.Message is not null) next.Socket!.TrySendMultipartMessage(next.Message);
                next.Then?.Invoke();
            }
        };
    }

    /// <summary>Called on the poller thread: must not block.</summary>
    public event Action<Message>? ShellRequest, ControlRequest, InputReply;

    public void Start() => poller.RunAsync("sockets");

    public void Publish(string type, JsonObject content, Message? parent) =>
        Send(iopub, Message.Compose([Encoding.ASCII.GetBytes(type)], type, parent?.Header, content, signing));

    public void Reply(Message request, string type, JsonObject content, bool onControl = false) =>
        Send(onControl ? control : shell, Message.Compose(request.Identities, type, request.Header, content, signing));

    public void AskInput(Message request, JsonObject content) =>
        Send(stdin, Message.Compose(request.Identities, "input_request", request.Header, content, signing));

    /// <summary>Waits until all messages so far are on their way, a second at most: to be called before the process ends.</summary>
    public void Drain()
    {
        using var done = new ManualResetEventSlim();
        outgoing.Enqueue((null, null, done.Set));
        done.Wait(TimeSpan.FromSeconds(1));
        // What the sockets hold is sent by NetMQ's own thread. To close them properly takes for ever now and then.
        Thread.Sleep(100);
    }

    void Send(NetMQSocket socket, NetMQMessage message) => outgoing.Enqueue((socket, message, null));

    void Receive(RouterSocket socket, Action<Message> handle)
    {
        if (Message.Parse(socket.ReceiveMultipartMessage(), signing) is { } message) handle(message);
    }
}
