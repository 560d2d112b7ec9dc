// What every notebook loads, in its first cell: #load "../lib/notebook.csx"
// Paths are relative to this file. `dotnet build -c Release` makes the assemblies.
#r "ModelCollapse.Reporting/bin/Release/net10.0/ModelCollapse.dll"
#r "ModelCollapse.Reporting/bin/Release/net10.0/ModelCollapse.Neural.dll"
#r "ModelCollapse.Reporting/bin/Release/net10.0/ModelCollapse.Reporting.dll"

using ModelCollapse;
using ModelCollapse.ClosedForm;
using ModelCollapse.Generations;
using ModelCollapse.Images;
using ModelCollapse.Metrics;
using ModelCollapse.Recipes;
using ModelCollapse.Reporting;
using ModelCollapse.Results;
using ModelCollapse.Sampling;
using ModelCollapse.Store;
