"""Jupyter's own suite of tests for kernels, with what to run in C#. Its pager test does not apply: C# has none."""
import unittest

import jupyter_kernel_test


class CSharp(jupyter_kernel_test.KernelTests):
    kernel_name = ".net-csharp"
    language_name = "C#"
    file_extension = ".cs"
    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("oops");'
    completion_samples = [
        {"text": "Console.WriteL", "matches": {"WriteLine"}},
        {"text": "Environment.NewL", "matches": {"NewLine"}},
    ]
    complete_code_samples = ["1 + 1", "int f(int x) => x;", "class C { }", "// nothing"]
    incomplete_code_samples = ["int f(int x) {", "var s = new[] { 1,", "if (true) {"]
    invalid_code_samples = ["int 1x = 2;", "}"]
    code_generate_error = 'throw new InvalidOperationException("no");'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "await Task.FromResult(3)", "result": "3"},
        {"code": "new[] { 1, 2 }", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": "display(1);", "mime": "text/plain"},
        {"code": "new { A = 1 }.Display();", "mime": "text/html"},
    ]
    code_history_pattern = "6 * 7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Console.WriteLine"
    code_clear_output = "ClearOutput();"


if __name__ == "__main__":
    unittest.main(verbosity=2)
