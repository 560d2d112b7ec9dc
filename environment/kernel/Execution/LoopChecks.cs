using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using ModelCollapse.Kernel.Cells;

namespace ModelCollapse.Kernel.Execution;

/// <summary>
/// Inserts a call of <see cref="LoopCancellation.Check"/> into loops, after labels and at the start of functions that have a block. All insertions
/// stand on the line where they are needed, so that line numbers hold; <see cref="Original"/> gives columns back.
/// </summary>
sealed class LoopChecks : CSharpSyntaxWalker
{
    const string Check = "global::ModelCollapse.Kernel.Cells.LoopCancellation.Check();";
    readonly List<(int Position, string Text)> insertions = [];

    LoopChecks(SyntaxNode root)
    {
        Visit(root);
        insertions.Sort((a, b) => a.Position.CompareTo(b.Position));
    }

    /// <summary>The insertions that <paramref name="root"/> needs.</summary>
    public static LoopChecks For(SyntaxNode root) => new(root);

    public string Apply(string code)
    {
        var text = new StringBuilder(code.Length + insertions.Sum(i => i.Text.Length));
        var from = 0;
        foreach (var (position, insertion) in insertions)
        {
            text.Append(code, from, position - from).Append(insertion);
            from = position;
        }
        return text.Append(code, from, code.Length - from).ToString();
    }

    /// <summary>Where in the code without insertions the character is that stands at <paramref name="position"/> in the code with them.</summary>
    public int Original(int position)
    {
        var shift = 0;
        foreach (var (at, text) in insertions)
        {
            if (at + shift >= position) break;
            shift += Math.Min(text.Length, position - at - shift);
        }
        return position - shift;
    }

    public override void VisitWhileStatement(WhileStatementSyntax node) => Loop(node.Statement, () => base.VisitWhileStatement(node));
    public override void VisitDoStatement(DoStatementSyntax node) => Loop(node.Statement, () => base.VisitDoStatement(node));
    public override void VisitForStatement(ForStatementSyntax node) => Loop(node.Statement, () => base.VisitForStatement(node));
    public override void VisitForEachStatement(ForEachStatementSyntax node) => Loop(node.Statement, () => base.VisitForEachStatement(node));
    public override void VisitForEachVariableStatement(ForEachVariableStatementSyntax node) => Loop(node.Statement, () => base.VisitForEachVariableStatement(node));

    public override void VisitLabeledStatement(LabeledStatementSyntax node)
    {
        insertions.Add((node.ColonToken.Span.End, Check));
        base.VisitLabeledStatement(node);
    }

    public override void VisitMethodDeclaration(MethodDeclarationSyntax node) => Function(node.Body, () => base.VisitMethodDeclaration(node));
    public override void VisitLocalFunctionStatement(LocalFunctionStatementSyntax node) => Function(node.Body, () => base.VisitLocalFunctionStatement(node));
    public override void VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node) => Function(node.Block, () => base.VisitParenthesizedLambdaExpression(node));
    public override void VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node) => Function(node.Block, () => base.VisitSimpleLambdaExpression(node));

    void Function(BlockSyntax? body, Action visit)
    {
        if (body is not null) Enter(body);
        visit();
    }

    void Enter(BlockSyntax block)
    {
        if (!block.OpenBraceToken.IsMissing) insertions.Add((block.OpenBraceToken.Span.End, Check));
    }

    void Loop(StatementSyntax body, Action visit)
    {
        if (body is BlockSyntax block)
        {
            Enter(block);
            visit();
        }
        else if (body.Span.IsEmpty || body.GetLastToken(includeZeroWidth: true).IsMissing) visit();
        else
        {
            insertions.Add((body.SpanStart, "{" + Check));
            visit();
            // After those of inner loops that end at the same place.
            insertions.Add((body.Span.End, "}"));
        }
    }
}
