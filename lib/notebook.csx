// What every notebook loads in its first cell: #load "../lib/notebook.csx"
// Paths are relative to this file; environment/setup --notebooks builds the assemblies.
#r "ModelCollapse.Reporting/bin/Release/net10.0/ModelCollapse.dll"
#r "ModelCollapse.Reporting/bin/Release/net10.0/ModelCollapse.Neural.dll"
#r "ModelCollapse.Reporting/bin/Release/net10.0/ModelCollapse.Reporting.dll"
