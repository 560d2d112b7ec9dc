using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;

namespace ModelCollapse.Kernel.Output;

/// <summary>Turns displayed values and their updates into messages. A display is updated 20 times a second at most; the last update is always sent.</summary>
sealed class Displays
{
    readonly OutputCapture capture;
    readonly Action<string, JsonObject> publish;
    readonly Lock sync = new();
    readonly ConditionalWeakTable<DisplayedValue, Place> places = [];
    readonly ConditionalWeakTable<object, Place> placesOfValues = [];
    readonly HashSet<DisplayedValue> waiting = [];

    public Displays(OutputCapture capture, Action<string, JsonObject> publish)
    {
        (this.capture, this.publish) = (capture, publish);
        capture.Tick += Flush;
        Formatter.SubscribeToDisplayedValues(Show);
    }

    /// <summary>Sends updates that were held back.</summary>
    public void Flush()
    {
        lock (sync)
        {
            foreach (var shown in waiting) Send(shown, PlaceOf(shown)!);
            waiting.Clear();
        }
    }

    public void Show(DisplayedValue shown)
    {
        capture.Flush();
        lock (sync)
        {
            var place = PlaceOf(shown);
            if (place is null)
            {
                place = new(shown.DisplayId);
                places.Add(shown, place);
                if (shown.Value is not (null or string or ValueType)) placesOfValues.AddOrUpdate(shown.Value, place);
                Send(shown, place);
            }
            else if (Environment.TickCount64 - place.Sent < 50) waiting.Add(shown);
            else Send(shown, place);
        }
    }

    // Formatting's Display returns another handle than the one that it shows, with another id: such a handle is known by its value.
    Place? PlaceOf(DisplayedValue shown)
    {
        if (places.TryGetValue(shown, out var place)) return place;
        if (!shown.IsUpdated || shown.Value is null || !placesOfValues.TryGetValue(shown.Value, out place)) return null;
        places.Add(shown, place);
        return place;
    }

    void Send(DisplayedValue shown, Place place)
    {
        publish(place.Sent == 0 ? "display_data" : "update_display_data", new()
        {
            ["data"] = MimeBundle.Of(shown.Value, shown.FormattedValues), ["metadata"] = new JsonObject(),
            ["transient"] = new JsonObject { ["display_id"] = place.Id },
        });
        place.Sent = Environment.TickCount64;
    }

    /// <summary>Where something is displayed, and when it was sent last.</summary>
    sealed record Place(string Id)
    {
        public long Sent { get; set; }
    }
}
