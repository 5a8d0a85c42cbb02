"""Makes, reads and copies gast nodes. Expressions are made from text: `expression("a + b[0]", a=node, b=node)`."""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import gast

T = TypeVar("T")

LOOPS = (gast.For, gast.While)
IMPORTS = (gast.Import, gast.ImportFrom)
COMPOUND = (gast.If, gast.For, gast.While, gast.With, gast.Try)
SHAPE_ATTRIBUTES = frozenset({"shape", "ndim", "dtype", "size"})
LOAD, STORE = gast.Load(), gast.Store()  # they have no state, so that one of each is enough


def name(identifier: str, ctx: gast.expr_context | None = None) -> gast.Name:
    return gast.Name(identifier, ctx or LOAD, None, None)


def constant(value: Any) -> gast.Constant:
    return gast.Constant(value, None)


@functools.lru_cache(maxsize=1024)
def _parsed(text: str) -> gast.expr:
    return gast.parse(text, mode="eval").body


@functools.lru_cache(maxsize=1024)
def _parsed_statement(text: str) -> gast.stmt:
    return statements(text)[0]


def statements(text: str) -> list[Any]:
    """The statements of a text, without lines: they get those of what they stand for in the user's file."""
    block = gast.parse(text).body
    for node in (node for s in block for node in gast.walk(s)):
        for field in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
            vars(node).pop(field, None)
    return block


def expression(text: str, **holes: gast.expr | str) -> gast.expr:
    """The expression `text`, each name of `holes` replaced by a copy of its node (or by the name given as a str)."""
    nodes = {k: name(v) if isinstance(v, str) else v for k, v in holes.items()}
    return substitute(_parsed(text), nodes)


def substitute(node: Any, nodes: dict[str, gast.expr]) -> Any:
    """A copy of `node` with each name that is a key of `nodes` replaced."""
    cls = node.__class__
    if cls is list:
        return [substitute(item, nodes) for item in node]
    if cls is gast.Name and node.id in nodes:
        new = clone(nodes[node.id])
        if new.__class__ is gast.Name and node.ctx.__class__ is not gast.Load:
            new.ctx = node.ctx
        return new
    if not isinstance(node, gast.AST):
        return node
    new = clone_head(node)
    for field in _FIELDS[cls]:
        inner = getattr(node, field, None)
        if inner is not None:
            setattr(new, field, substitute(inner, nodes))
    return new


def rename(node: Any, names: dict[str, str]) -> Any:
    """A copy of `node` with its names renamed."""
    return substitute(node, {old: name(new) for old, new in names.items()})


def clone(node: Any) -> Any:
    """A deep copy of a tree or a list of trees; contexts and operators, which have no state, are shared."""
    return substitute(node, {})


class _Fields(dict[type, tuple[str, ...]]):
    """By a node's class: the fields that hold expressions and statements, or lists of them."""

    def __missing__(self, cls: type) -> tuple[str, ...]:
        leaf = cls is gast.Name or cls is gast.Constant
        self[cls] = () if leaf else tuple(f for f in getattr(cls, "_fields", ()) if f not in _PLAIN_FIELDS)
        return self[cls]


_PLAIN_FIELDS = frozenset({"ctx", "op", "ops", "type_comment", "kind", "attr", "arg", "name", "names", "module", "level",
                           "is_async", "conversion", "simple"})
_FIELDS = _Fields()


def children(node: gast.AST) -> list[Any]:
    """The expressions and statements right under a node."""
    found: list[Any] = []
    for field in _FIELDS[node.__class__]:
        inner = getattr(node, field, None)
        if inner.__class__ is list:
            found += [item for item in inner if item is not None]
        elif inner is not None:
            found.append(inner)
    return found


def walk(node: gast.AST) -> Iterator[Any]:
    """The node and all expressions and statements in it, in no order."""
    stack = [node]
    while stack:
        inner = stack.pop()
        yield inner
        for field in _FIELDS[inner.__class__]:
            below = getattr(inner, field, None)
            if below.__class__ is list:
                stack += [item for item in below if item is not None]
            elif below is not None:
                stack.append(below)


class Transformer:
    """Changes a tree in place: `visit_<class of node>` returns what stands in the node's place from then on."""

    def visit(self, node: Any) -> Any:
        method = getattr(self, "visit_" + node.__class__.__name__, None)
        return self.generic_visit(node) if method is None else method(node)

    def generic_visit(self, node: Any) -> Any:
        """The node with what is right under it visited."""
        for field in _FIELDS[node.__class__]:
            inner = getattr(node, field, None)
            if inner.__class__ is list:
                inner[:] = [item if item is None else self.visit(item) for item in inner]
            elif inner is not None:
                setattr(node, field, self.visit(inner))
        return node


def assign(target: str | gast.expr, value: gast.expr, at: gast.AST | None = None) -> gast.Assign:
    if isinstance(target, str):
        target = name(target, STORE)
    return located(gast.Assign([target], value, None), at)


def augment(target: str | gast.expr, op: gast.operator, value: gast.expr, at: gast.AST | None = None) -> gast.AugAssign:
    if isinstance(target, str):
        target = name(target, STORE)
    return located(gast.AugAssign(target, op, value), at)


def statement(text: str, at: gast.AST | None = None, **holes: gast.expr | str) -> gast.stmt:
    nodes = {k: name(v) if isinstance(v, str) else v for k, v in holes.items()}
    return located(substitute(_parsed_statement(text), nodes), at)


def _last_line(at: Any) -> int:
    """The last line of a statement or an expression; of a compound statement, of its head."""
    body = getattr(at, "body", None)
    if isinstance(body, list) and body:
        return max(at.lineno, getattr(body[0], "lineno", at.lineno) - 1)
    return getattr(at, "end_lineno", at.lineno)


def located(node: Any, at: gast.AST | None) -> Any:
    """`node` with the line of `at`, inner nodes too."""
    if at is not None and hasattr(at, "lineno"):
        end = _last_line(at)
        for inner in walk(node):
            if isinstance(inner, (gast.expr, gast.stmt)) and getattr(inner, "lineno", None) is None:
                inner.lineno, inner.col_offset, inner.end_lineno = at.lineno, getattr(at, "col_offset", 0), end
                inner.end_col_offset = getattr(at, "end_col_offset", 0)
    return node


def names_read(node: Any) -> set[str]:
    """Names loaded anywhere in a tree or a list of trees; nested functions count with what they capture."""
    found: set[str] = set()
    stack = list(node) if node.__class__ is list else [node]
    while stack:
        inner = stack.pop()
        cls = inner.__class__
        if cls is gast.Name:
            if inner.ctx.__class__ is gast.Load:
                found.add(inner.id)
        elif cls is gast.FunctionDef or cls is gast.Lambda:
            found |= captured(inner)
        else:
            for field in _FIELDS[cls]:
                below: Any = getattr(inner, field, None)
                kind = below.__class__
                if kind is gast.Name:  # most of what there is
                    if below.ctx.__class__ is gast.Load:
                        found.add(below.id)
                elif kind is list:
                    stack += below
                elif below is not None and kind is not gast.Constant:
                    stack.append(below)
    return found


def attributes_stored(block: list[gast.stmt]) -> set[str]:
    """The names of attributes that statements in core form bind."""
    targets = [t for s in walk_statements(block) if isinstance(s, gast.Assign) for t in s.targets]
    return {t.attr for t in targets if isinstance(t, gast.Attribute)}


def names_stored(node: Any) -> set[str]:
    """Names bound anywhere in a tree or list of trees, nested functions aside."""
    found: set[str] = set()
    stack = list(node) if node.__class__ is list else [node]
    while stack:
        inner = stack.pop()
        cls = inner.__class__
        if cls is gast.Name:
            if inner.ctx.__class__ is gast.Store or inner.ctx.__class__ is gast.Del:
                found.add(inner.id)
        elif cls is gast.FunctionDef:
            found.add(inner.name)
        elif cls is gast.Import or cls is gast.ImportFrom:
            found |= {(a.asname or a.name).split(".")[0] for a in inner.names}
        elif cls is not gast.Lambda:
            for field in _FIELDS[cls]:
                below: Any = getattr(inner, field, None)
                kind = below.__class__
                if kind is list:
                    stack += below
                elif kind is not gast.Constant and not (kind is gast.Name and below.ctx.__class__ is gast.Load):
                    stack.append(below)
    return found


def parameter_names(arguments: gast.arguments) -> list[str]:
    names = [a.id for a in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]]
    return names + [a.id for a in (arguments.vararg, arguments.kwarg) if a is not None]


def captured(function: gast.FunctionDef | gast.Lambda) -> set[str]:
    """Names that a function reads from outside."""
    body = function.body if isinstance(function.body, list) else [function.body]
    own = set(parameter_names(function.args)) | names_stored(body)
    inner = names_read(body) - own
    for default in [*function.args.defaults, *[k for k in function.args.kw_defaults if k is not None]]:
        inner |= names_read(default)
    return inner


def blocks(node: gast.stmt) -> list[list[gast.stmt]]:
    """The statement lists of a compound statement, in the order of the text."""
    cls = node.__class__
    if cls is gast.Assign or cls is gast.Expr or cls is gast.AugAssign:  # most statements by far
        return []
    if isinstance(node, (gast.If, gast.For, gast.While)):
        return [node.body, node.orelse]
    if isinstance(node, gast.With):
        return [node.body]
    if isinstance(node, gast.Try):
        return [node.body, *(h.body for h in node.handlers), node.orelse, node.finalbody]
    return []


def with_blocks(node: gast.stmt, change: Callable[[list[gast.stmt]], list[gast.stmt]]) -> Any:
    """A copy of a compound statement with each of its blocks changed, first to last; no body becomes empty."""
    new = clone_head(node)
    new.body = change(node.body) or [located(gast.Pass(), node)]  # type: ignore[attr-defined]
    if isinstance(node, gast.Try):
        new.handlers = [clone_head(h) for h in node.handlers]
        for handler in new.handlers:
            handler.body = change(handler.body) or [located(gast.Pass(), node)]
    for field in ("orelse", "finalbody"):
        if getattr(node, field, None):
            setattr(new, field, change(getattr(node, field)))
    return new


def heads(node: gast.stmt) -> list[gast.expr]:
    """What a compound statement evaluates outside its blocks."""
    if isinstance(node, (gast.If, gast.While)):
        return [node.test]
    if isinstance(node, gast.For):
        return [node.iter]
    if isinstance(node, gast.With):
        return [item.context_expr for item in node.items]
    return [h.type for h in node.handlers if h.type is not None] if isinstance(node, gast.Try) else []


def walk_statements(block: list[gast.stmt]) -> Iterator[gast.stmt]:
    """Every statement of a block, inner ones too, nested functions aside."""
    for statement_ in block:
        yield statement_
        for inner in blocks(statement_):
            yield from walk_statements(inner)


def clone_head(node: gast.stmt) -> Any:
    """A shallow copy of a compound statement."""
    new = node.__class__.__new__(node.__class__)
    new.__dict__.update(node.__dict__)
    return new


def with_value(node: gast.stmt, value: gast.expr) -> Any:
    """A copy of a simple statement that has another value."""
    new = clone_head(node)
    new.value = value
    return new


def is_name(node: Any, identifier: str | None = None) -> bool:
    return isinstance(node, gast.Name) and (identifier is None or node.id == identifier)


def is_constant(node: Any) -> bool:
    return isinstance(node, gast.Constant)


def is_atom(node: Any) -> bool:
    return isinstance(node, (gast.Name, gast.Constant))


def negated(test: gast.expr) -> gast.expr:
    if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
        return test.operand
    return gast.UnaryOp(gast.Not(), test)


def base_name(node: gast.expr) -> str | None:
    """The variable under a chain of subscripts and attributes: `a` in `a[1:][0]` and in `a.T[0]`."""
    while isinstance(node, (gast.Subscript, gast.Attribute)):
        node = node.value
    return node.id if isinstance(node, gast.Name) else None


def with_base(node: gast.expr, base: gast.expr) -> gast.expr:
    """A copy of a chain of subscripts and attributes on another variable; indices stay."""
    if not isinstance(node, (gast.Subscript, gast.Attribute)):
        return clone(base)
    new = clone_head(node)
    new.value = with_base(node.value, base)
    if isinstance(node, gast.Subscript):
        new.slice = clone(node.slice)
    return new


def reads_elements(node: gast.AST, variable: str | None) -> bool:
    """Does an expression read more of a variable than its shape?"""
    if isinstance(node, gast.Attribute) and node.attr in SHAPE_ATTRIBUTES and is_name(node.value):
        return False
    if isinstance(node, gast.Call) and is_name(node.func, "len"):
        return False
    return is_name(node, variable) if isinstance(node, gast.Name) else any(reads_elements(c, variable) for c in children(node))


def has_break(block: list[gast.stmt]) -> bool:
    """May the block leave the loop around it?"""
    return any(isinstance(s, gast.Break) or not isinstance(s, LOOPS) and any(map(has_break, blocks(s))) for s in block)


def remembered(answer: Callable[[gast.stmt], T]) -> Callable[[gast.stmt], T]:
    """`answer`, found once for each statement: for a time in which the statements stay what they are."""
    known: dict[int, tuple[gast.stmt, T]] = {}

    def ask(s: gast.stmt) -> T:
        found = known.get(id(s))
        if found is None:
            found = known[id(s)] = (s, answer(s))  # the statement is held, so that no other one gets its id
        return found[1]
    return ask


def target_names(node: gast.stmt) -> list[str]:
    """Variables that a simple statement (or the head of a loop or a `with`) binds."""
    if node.__class__ is gast.Expr:
        return []
    if isinstance(node, gast.Assign):
        if len(node.targets) == 1 and node.targets[0].__class__ is gast.Name:
            return [node.targets[0].id]
        found = []
        for target in node.targets:
            elements = target.elts if isinstance(target, (gast.Tuple, gast.List)) else [target]
            found += [e.id for e in elements if isinstance(e, gast.Name)]
        return found
    if isinstance(node, (gast.AugAssign, gast.For)) and isinstance(node.target, gast.Name):
        return [node.target.id]
    if isinstance(node, gast.FunctionDef):
        return [node.name]
    if isinstance(node, IMPORTS):
        return [(a.asname or a.name).split(".")[0] for a in node.names]
    if isinstance(node, gast.With):
        return [item.optional_vars.id for item in node.items if isinstance(item.optional_vars, gast.Name)]
    return []


def stored_by(node: gast.stmt) -> set[str]:
    """Names that a statement binds itself, in any place; not those that the statements in it bind."""
    if isinstance(node, gast.For):
        return names_stored(node.target)
    if isinstance(node, gast.With):
        return names_stored(node.items)
    return set() if isinstance(node, COMPOUND) else names_stored(node)
