namespace ModelCollapse.Reporting.Report;

/// <summary>The style sheet of a report.</summary>
static class HtmlStyle
{
    // Figures are drawn black on white: a dark screen turns their lightness round and keeps their hues. Maps of colours, the only pictures in them, are turned
    // round twice: bright must stay high.
    public const string Css = """

        :root { --ink: #1c1f24; --soft: #59616d; --paper: #ffffff; --card: #f5f6f8; --line: #d8dce2; --link: #0b5cad; --good: #14713d; --bad: #a8231b; --unclear: #7a5b00; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6e8eb; --soft: #a3abb6; --paper: #14171b; --card: #1e2228; --line: #363c45; --link: #7db8f5; --good: #6fd39a; --bad: #ff9c92; --unclear: #e6c35c; }
          figure svg { filter: invert(0.92) hue-rotate(180deg); }
          figure svg use { filter: invert(1) hue-rotate(180deg); }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
        main { max-width: 74rem; margin: 0 auto; padding: 1rem 1.25rem 4rem; }
        h1 { font-size: 1.8rem; line-height: 1.2; margin: 1rem 0; overflow-wrap: anywhere; }
        h2 { font-size: 1.35rem; margin: 2.5rem 0 0.75rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
        h3 { font-size: 1.05rem; margin: 1.5rem 0 0.35rem; }
        p, li, dd { max-width: 46rem; }
        p { margin: 0.35rem 0; }
        ul { margin: 0.35rem 0; padding-left: 1.25rem; }
        a { color: var(--link); }
        nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 1rem 0; }
        .note, figcaption, caption { color: var(--soft); font-size: 0.9rem; }
        .answer { max-width: 52rem; background: var(--card); border-left: 4px solid var(--link); padding: 0.75rem 1rem; margin: 1rem 0; }
        .answer h3 { margin: 0 0 0.25rem; }
        .answer > p { font-weight: 600; }
        figure { margin: 1.5rem 0; }
        figure .wide { background: #ffffff; }
        figure svg { display: block; width: 100%; min-width: 44rem; height: auto; background: #ffffff; image-rendering: pixelated; }
        @media (prefers-color-scheme: dark) { figure .wide { background: transparent; } }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: 0.9rem; margin: 0.75rem 0; }
        caption { text-align: left; padding: 0.25rem 0; }
        th, td { padding: 0.3rem 0.75rem 0.3rem 0; text-align: right; vertical-align: top; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
        td { white-space: nowrap; }
        tbody th { font-weight: 500; }
        th:first-child { text-align: left; position: sticky; left: 0; background: var(--paper); }
        .claims { width: 100%; }
        .claims th, .claims td, .words th, .words td { text-align: left; white-space: normal; }
        .claims .number { white-space: nowrap; }
        .verdict { font-weight: 600; }
        .reproduced { color: var(--good); } .contradicted { color: var(--bad); } .inconclusive { color: var(--unclear); } .notTestable { color: var(--soft); }
        .samples { table-layout: fixed; }
        .samples th, .samples td { width: 17rem; min-width: 15rem; text-align: left; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.85rem; }
        .samples th:first-child { width: 3.5rem; min-width: 2rem; }
        details { margin: 0.5rem 0; }
        summary { cursor: pointer; }
        dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.15rem 1rem; margin: 0.5rem 0; }
        dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
        code { font: 0.85em ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
        @media (max-width: 48rem) {
          main { padding: 0.5rem 0.9rem 3rem; }
          h1 { font-size: 1.4rem; }
          .claims, .claims tbody, .claims tr, .claims td, .claims th, .words, .words tbody, .words tr, .words td, .words th { display: block; width: auto; position: static; }
          .claims thead, .words thead { display: none; }
          .claims tr, .words tr { border-bottom: 1px solid var(--line); padding: 0.5rem 0; }
          .claims td, .claims tbody th, .words td, .words tbody th { border: 0; padding: 0.1rem 0; }
          .claims td:empty { display: none; }
          .claims td[data-label]::before, .words td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); font-weight: 400; }
          .claims .number { white-space: normal; }
          dl { grid-template-columns: minmax(0, 1fr); } dt { margin-top: 0.4rem; }
        }
        @media print {
          :root { --ink: #000000; --soft: #444444; --paper: #ffffff; --card: #ffffff; --line: #bbbbbb; --link: #000000; --good: #000000; --bad: #000000; --unclear: #000000; }
          body { font-size: 10pt; }
          main { max-width: none; padding: 0; }
          nav { display: none; }
          figure, tr, .answer { break-inside: avoid; }
          h2, h3 { break-after: avoid; }
          .wide { overflow: visible; }
          figure svg { min-width: 0; } figure svg, figure svg use { filter: none; }
          table { font-size: 8pt; }
          .samples th, .samples td { width: auto; min-width: 0; font-size: 7pt; }
        }

        """;
}
