namespace ModelCollapse.Text;

/// <summary>A token that is found in a text as a whole, before byte pairs are merged.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The text that it stands for.</param>
/// <param name="Special">Whether it marks structure (end of text, padding) and is left out where specials are skipped.</param>
public sealed record AddedToken(int Id, string Text, bool Special);
