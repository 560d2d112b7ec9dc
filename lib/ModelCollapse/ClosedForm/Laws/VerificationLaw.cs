namespace ModelCollapse.ClosedForm.Laws;

/// <summary>When a verifier that keeps or drops labels lets a majority of right ones through (Feng et al. 2024, theorem 4.2).</summary>
public static class VerificationLaw
{
    /// <summary>p* = 1/(1 + ψ/φ): the share of wrong labels below which the kept set is right in its majority. Without a verifier 1/2, with an oracle 1.</summary>
    /// <param name="keepsRight">φ: probability that a right label is kept. Range: above 0, to 1.</param>
    /// <param name="keepsWrong">ψ: probability that a wrong label is kept. Range: 0 to 1.</param>
    public static double BreakEven(double keepsRight, double keepsWrong) => 1 / (1 + keepsWrong / keepsRight);

    /// <summary>Share of right labels among those kept.</summary>
    /// <param name="wrong">p: share of wrong labels before. Range: 0 to 1.</param>
    /// <param name="keepsRight">φ: probability that a right label is kept.</param>
    /// <param name="keepsWrong">ψ: probability that a wrong label is kept.</param>
    public static double KeptRight(double wrong, double keepsRight, double keepsWrong) =>
        keepsRight * (1 - wrong) / (keepsRight * (1 - wrong) + keepsWrong * wrong);
}
