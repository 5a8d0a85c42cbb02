"""Prints a tree with astor, the way a careful person writes."""
from __future__ import annotations

import ast
import re
import warnings
from typing import Any

from autodiff_src.emit.wrap import joined

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", r"ast\.\w+ is deprecated", DeprecationWarning)
    import astor
    from astor.code_gen import set_precedence
    from astor.op_util import Precedence

PRINTER = f"astor {astor.__version__}"


def printed(node: ast.AST) -> str:
    """The text of `node` without a newline at the end. Raises what astor raises on what it does not know."""
    return astor.to_source(node, pretty_source=joined, source_generator_class=_Printer).strip("\n")


def quoted(text: str) -> str:
    """A literal for `text` on one line, in double quotes where that needs no escapes."""
    literal = repr(text)
    return f'"{literal[1:-1]}"' if literal[0] == "'" and '"' not in text and "'" not in text else literal


class _Printer(astor.SourceGenerator):
    after_definition = False

    def newline(self, node: ast.AST | None = None, extra: int = 0) -> None:
        """Statements come with their node, `elif` and `else` without."""
        super().newline(node, max(extra, int(self.after_definition and node is not None)))
        self.after_definition = False

    def visit_FunctionDef(self, node: ast.FunctionDef, is_async: bool = False) -> None:
        opens_body = bool(self.result) and self.result[-1].endswith(":")
        inner = self.indentation > 0
        self.newline(extra=1 if inner and not opens_body else 0)
        self.decorators(node, 0)
        self.statement(node, f"def {node.name}(")
        self.visit_arguments(node.args)
        self.write(")")
        self.conditional_write(" -> ", node.returns)
        self.write(":")
        docstring = ast.get_docstring(node, clean=False)
        if docstring is not None:
            self._write_docstring(docstring)
        self.body(node.body if docstring is None else node.body[1:])
        self.after_definition = inner

    def _write_docstring(self, text: str) -> None:
        text = text.replace("\\", "\\\\").replace('"""', r"\"\"\"")
        if text.endswith('"'):
            text = text[:-1] + r"\""
        self.indentation += 1
        self.newline()
        self.write(f'"""{text}"""')
        self.indentation -= 1

    def visit_arguments(self, node: ast.arguments) -> None:
        positional = node.posonlyargs + node.args
        defaults: list[Any] = [None] * (len(positional) - len(node.defaults)) + node.defaults
        pieces = [(argument, default) for argument, default in zip(positional, defaults)]
        written: list[Any] = [_parameter(*piece) for piece in pieces]
        if node.posonlyargs:
            written.insert(len(node.posonlyargs), ["/"])
        if node.vararg or node.kwonlyargs:
            written.append(["*", *([node.vararg] if node.vararg else [])])
        written += [_parameter(*piece) for piece in zip(node.kwonlyargs, node.kw_defaults)]
        if node.kwarg:
            written.append(["**", node.kwarg])
        for index, parts in enumerate(written):
            self.write(", " if index else "", *parts)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        with self.delimit(node) as delimiters:
            set_precedence(delimiters.p, node.body)
            arguments = node.args
            bare = not (arguments.posonlyargs or arguments.args or arguments.vararg or arguments.kwonlyargs
                        or arguments.kwarg)
            self.write("lambda" if bare else "lambda ")
            self.visit_arguments(arguments)
            self.write(": ", node.body)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        set_precedence(Precedence.Comma, node.elt)
        super().visit_ListComp(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        set_precedence(Precedence.Comma, *filter(None, node.keys))
        super().visit_Dict(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.write(quoted(node.value))
        else:
            super().visit_Constant(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        literal = ast.unparse(node)
        plain = literal.startswith("f'") and '"' not in literal and "\\" not in literal and literal.count("'") == 2
        self.write(f'f"{literal[2:-1]}"' if plain else literal)

    def _handle_numeric_constant(self, value: complex) -> None:
        """Writes 1e-9 for what repr writes as 1e-09."""
        self.write(re.sub(r"e\+?(-?)0*(\d)", r"e\1\2", repr(value)))


def _parameter(argument: ast.arg, default: ast.expr | None) -> list[Any]:
    if default is None:
        return [argument]
    set_precedence(Precedence.Comma, default)
    return [argument, " = " if argument.annotation else "=", default]
