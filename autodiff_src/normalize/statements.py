"""Statements in core form: one target each, loops over `range` or over a sequence's indices, exits at path ends."""

from __future__ import annotations

import gast

from autodiff_src.errors import AutodiffError, UnsupportedError
from autodiff_src.normalize.decorators import undecorated, without_annotations
from autodiff_src.normalize.expressions import Expressions
from autodiff_src.normalize.guards import lets_out, reads_exception
from autodiff_src.normalize.iteration import Iteration
from autodiff_src.normalize.places import held_index
from autodiff_src.normalize.walrus import check_walrus
from autodiff_src.program import MISSING
from autodiff_src.refusals import refusals_of, refused_in, refused_statement, stored_outside
from autodiff_src.runtime.iteration import Unbound
from autodiff_src.syntax import (
    assign,
    augment,
    base_name,
    clone,
    clone_head,
    constant,
    expression,
    has_break,
    is_atom,
    located,
    name,
    names_read,
    rename,
)


class Statements:
    """Lowers blocks of statements whose exits are structured. `captured`: names that nested functions read."""

    def __init__(self, expressions: Expressions, captured: set[str]):
        self.expressions, self.captured = expressions, captured
        self.exceptions: set[str] = set()
        self.iteration = Iteration(expressions)
        expressions.lower_block = self.block

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        def fill() -> None:
            for i, s in enumerate(body):
                try:
                    self._statement(s)
                except AutodiffError as error:
                    self.expressions.out.append(refused_statement(error, body[i:]))
                    return

        return self.expressions.nested(fill)

    def _emit(self, s: gast.stmt, at: gast.stmt) -> None:
        self.expressions.out.append(located(s, at))

    def _statement(self, s: gast.stmt) -> None:
        check_walrus(s, self.expressions.program)
        method = getattr(self, "_" + type(s).__name__.lower(), None)
        if method is None:
            raise UnsupportedError(
                f"{type(s).__name__} is not differentiated",
                self.expressions.program.place(s),
                "write it with plain assignments, loops and branches",
            )
        method(s)

    def _keep(self, s: gast.stmt) -> None:
        self.expressions.out.append(s)

    _pass = _break = _import = _importfrom = _keep

    def _functiondef(self, s: gast.FunctionDef) -> None:
        """Defaults are evaluated where the function is defined, and held until it is called."""
        if s.decorator_list:
            for t in undecorated(s, self.expressions):
                self._statement(t)
            return
        new = without_annotations(s)
        new.args.defaults = [self._held_default(d, s) for d in s.args.defaults]
        new.args.kw_defaults = [d and self._held_default(d, s) for d in s.args.kw_defaults]
        self.expressions.out.append(new)

    def _held_default(self, default: gast.expr, s: gast.FunctionDef) -> gast.expr:
        if isinstance(default, gast.Constant):
            return default
        held = self.expressions.new(f"{s.name}_default")
        self._emit(assign(held, self.expressions.operation(default), s), s)
        return name(held)

    def _assign(self, s: gast.Assign) -> None:
        if len(s.targets) == 1:
            self._bind(s.targets[0], s.value, s)
            return
        value = self.expressions.atom(s.value, _hint(s.targets[0]))
        for target in s.targets:
            self._bind(target, value, s)

    def _annassign(self, s: gast.AnnAssign) -> None:
        if s.value is not None:
            self._bind(s.target, s.value, s)

    def _bind(self, target: gast.expr, value: gast.expr, s: gast.stmt) -> None:
        if isinstance(target, gast.Name):
            for rewriting in (self.expressions.solutions, self.expressions.splines, self.expressions.frozen):
                value = rewriting.named(target.id, value)
            self._emit(assign(target.id, self.expressions.operation(value), s), s)
        elif isinstance(target, (gast.Tuple, gast.List)):
            self._bind_several(target, value, s)
        elif isinstance(target, gast.Subscript):
            atom = self.expressions.atom(value)
            self._emit(assign(self._place(target), atom, s), s)
        elif isinstance(target, gast.Attribute):
            atom = self.expressions.atom(value)
            self._emit(assign(self._attribute(target, s), atom, s), s)
        else:
            raise UnsupportedError("this assignment target is not differentiated", self.expressions.program.place(s),
                                   "assign to a name or to an element")

    def _attribute(self, target: gast.Attribute, s: gast.stmt) -> gast.Attribute:
        """The target of a write to an attribute of a variable."""
        holder = self.expressions.atom(target.value)
        if not isinstance(holder, gast.Name) or self.expressions.static(holder) is not MISSING:
            raise stored_outside(self.expressions.program, s)
        return gast.Attribute(holder, target.attr, gast.Store())

    def _place(self, target: gast.Subscript) -> gast.Subscript:
        """The target of an element write: a chain of subscripts and views on a name."""
        base: gast.expr = target.value
        if isinstance(base, gast.Attribute) and base.attr == "__dict__":
            raise UnsupportedError("attributes are stored by way of `__dict__`", self.expressions.program.place(target),
                                   "store them with a dot, or with setattr")
        if isinstance(base, gast.Subscript):
            base = self._place(base)
            base.ctx = gast.Load()
        elif isinstance(base, gast.Name):
            base = clone(base)
        else:
            base = self.expressions.atom(base)
        return gast.Subscript(base, held_index(self.expressions, target.slice, base_name(base)), gast.Store())

    def _bind_several(self, target: gast.Tuple | gast.List, value: gast.expr, s: gast.stmt) -> None:
        if any(isinstance(e, gast.Starred) for e in target.elts):
            self._bind_starred(target, value, s)
            return
        value = self.iteration.generator(value) or value
        value = self.expressions.comprehensions.displayed(value) or value
        if self.expressions.consumption.lazy(value):
            value = self.expressions.consumption.as_list(value)
        plain = all(isinstance(e, gast.Name) for e in target.elts)
        if (
            isinstance(value, (gast.Tuple, gast.List))
            and len(value.elts) == len(target.elts)
            and (not any(isinstance(e, gast.Starred) for e in value.elts))
        ):
            self._bind_in_parallel(target.elts, value.elts, s)
        elif plain:
            source = self.expressions.atom(value, "values")
            self._emit(gast.Assign([clone(target)], source, None), s)
        else:
            parts = [self.expressions.new("part") for _ in target.elts]
            source = self.expressions.atom(value, "values")
            self._emit(gast.Assign([gast.Tuple([name(p, gast.Store()) for p in parts], gast.Store())], source, None), s)
            for element, part in zip(target.elts, parts, strict=True):
                self._bind(element, name(part), s)

    def _bind_starred(self, target: gast.Tuple | gast.List, value: gast.expr, s: gast.stmt) -> None:
        """`first, *rest = x`: elements, and a list of a slice."""
        star = next(i for i, e in enumerate(target.elts) if isinstance(e, gast.Starred))
        behind = len(target.elts) - 1 - star
        if isinstance(value, (gast.Tuple, gast.List)) and not any(isinstance(e, gast.Starred) for e in value.elts):
            elements = value.elts
            if len(elements) >= star + behind:
                middle = gast.List(elements[star : len(elements) - behind], gast.Load())
                targets = [e.value if isinstance(e, gast.Starred) else e for e in target.elts]
                values = [*elements[:star], middle, *elements[len(elements) - behind :]]
                self._bind_in_parallel(targets, values, s)
                return
        source = self.iteration.indexed(value, s)
        short = f"not enough values to unpack (expected at least {star + behind})"
        check = gast.If(
            expression("len(x) < n", x=source, n=constant(star + behind)),
            [gast.Raise(expression("ValueError(message)", message=constant(short)), None)],
            [],
        )
        self._emit(check, s)
        for i, e in enumerate(target.elts):
            if isinstance(e, gast.Starred):
                part = gast.Slice(constant(star), constant(-behind) if behind else None, None)
                items = gast.Call(name("list"), [gast.Subscript(clone(source), part, gast.Load())], [])
                self._bind(e.value, items, s)
            else:
                position = constant(i if i < star else i - len(target.elts))
                self._bind(e, gast.Subscript(clone(source), position, gast.Load()), s)

    def _bind_in_parallel(self, targets: list[gast.expr], values: list[gast.expr], s: gast.stmt) -> None:
        if not any(
            base in names_read(later)
            for i, t in enumerate(targets)
            if (base := base_name(t))
            for later in [*values[i + 1 :], *targets[i + 1 :]]
        ) and all(map(is_name_target, targets)) and self.captured.isdisjoint(t.id for t in targets[:-1]):  # type: ignore
            for target, value in zip(targets, values, strict=True):
                self._bind(target, value, s)
            return
        kept = self.expressions.order.kept(gast.Tuple(values, gast.Load()))
        atoms = [self.expressions.atom(v) for v in kept.elts]  # type: ignore[attr-defined]
        if all(is_name_target(t) for t in targets):
            last = {t.id: atom for t, atom in zip(targets, atoms, strict=True)}  # type: ignore[attr-defined]
            target = gast.Tuple([name(n, gast.Store()) for n in last], gast.Store())
            value = gast.Tuple([*last.values()], gast.Load())
            self._emit(gast.Assign([target], value, None) if len(last) > 1 else assign(*last.popitem()), s)
            return
        for i, atom in enumerate(atoms):
            if any(base_name(t) == getattr(atom, "id", None) for t in targets[:i] if isinstance(t, gast.Name)):
                held = self.expressions.new("held")
                self._emit(assign(held, atom, s), s)
                atoms[i] = name(held)
        for target, atom in zip(targets, atoms, strict=True):
            self._bind(target, atom, s)

    def _augassign(self, s: gast.AugAssign) -> None:
        if not self.expressions.pure(s.value):
            # the target is read before a call in the value may change it
            read = clone(s.target)
            read.ctx = gast.Load()
            if isinstance(s.target, gast.Subscript):
                held = self.expressions.new("held")
                self._emit(assign(held, self.expressions.operation(read), s), s)
                target = self.expressions.order.held_place(s.target)
                update, place = augment(held, s.op, self.expressions.atom(s.value), s), self._place(target)
                update.stored_next = True
                self._emit(update, s)
                self._emit(assign(place, name(held), s), s)
                return
        if isinstance(s.target, gast.Attribute):
            self._update_attribute(s, self._attribute(s.target, s))
        elif isinstance(s.target, gast.Name):
            self._emit(augment(s.target.id, s.op, self.expressions.atom(s.value), s), s)
        elif isinstance(s.target, gast.Subscript):
            place = self._place(s.target)
            self._emit(augment(place, s.op, self.expressions.atom(s.value), s), s)
        else:
            raise UnsupportedError(
                "this assignment target is not differentiated",
                self.expressions.program.place(s),
                "assign to a name or to an element",
            )

    def _update_attribute(self, s: gast.AugAssign, target: gast.Attribute) -> None:
        """`self.a += v` as `a = self.a; a += v; self.a = a`."""
        held = self.expressions.new(target.attr)
        read = clone(target)
        read.ctx = gast.Load()
        self._emit(assign(held, read, s), s)
        self._emit(augment(held, s.op, self.expressions.atom(s.value), s), s)
        self._emit(assign(target, name(held), s), s)

    def _if(self, s: gast.If) -> None:
        new = clone_head(s)
        new.test = self.expressions.whole(s.test)
        new.body, new.orelse = self.block(s.body), self.block(s.orelse)
        self.expressions.out.append(new)

    def _with(self, s: gast.With) -> None:
        new, item = clone_head(s), clone_head(s.items[0])
        made = item.context_expr
        if lets_out(made, self.expressions.static):
            arguments = [self.expressions.whole(a) for a in made.args]
            keywords = [gast.keyword(k.arg, self.expressions.whole(k.value)) for k in made.keywords]
            item.context_expr = located(gast.Call(clone(made.func), arguments, keywords), s)
        else:
            item.context_expr = self.expressions.atom(made, "context")
        body = s.body
        if item.optional_vars is not None and not isinstance(item.optional_vars, gast.Name):
            entered = self.expressions.new("entered")
            body = [located(gast.Assign([item.optional_vars], name(entered), None), s), *body]
            item.optional_vars = name(entered, gast.Store())
        new.items, new.body = [item], self.block(body)
        self.expressions.out.append(new)

    def _try(self, s: gast.Try) -> None:
        new = clone_head(s)
        new.body, new.orelse, new.finalbody = self.block(s.body), self.block(s.orelse), self.block(s.finalbody)
        refused = next(refusals_of(new.finalbody), None)
        if refused is not None:
            raise refused.error  # it would be raised over an exception of the user's
        new.handlers = [self._handler(h, s) for h in s.handlers]
        new.body = new.body or [located(gast.Pass(), s)]
        self.expressions.out.append(new)

    def _handler(self, handler: gast.ExceptHandler, s: gast.Try) -> gast.ExceptHandler:
        place = self.expressions.program.place(handler)
        if handler.type is not None and not self.expressions.pure(handler.type):
            raise UnsupportedError("an exception class that is computed is not differentiated", place, "name the class")
        new = clone_head(handler)
        if handler.name is not None:
            caught = handler.name.id
            if any(reads_exception(t, caught, self.expressions.static) for t in handler.body):
                raise UnsupportedError("what an exception carries is not differentiated", place,
                                       "use the exception in messages and in `raise` only")
            if caught in self.expressions.local - self.exceptions:
                new.name = name(self.expressions.names.fresh(caught), gast.Store())
                new.body = rename(handler.body, {caught: new.name.id})
            self.exceptions.add(new.name.id)
            self.expressions.local.add(new.name.id)
        new.body = self.block(new.body) or [located(gast.Pass(), s)]
        return new

    def _while(self, s: gast.While) -> None:
        new = clone_head(s)
        if self.expressions.pure(s.test):
            new.test = clone(s.test)
            new.body = self.block(s.body)
        else:
            leave = located(gast.If(s.test, s.body, [located(gast.Break(), s)]), s)
            new.test, new.body = constant(True), self.block([leave])
        self.expressions.out.append(new)

    def _return(self, s: gast.Return) -> None:
        value = self.expressions.atom(s.value, "result") if s.value is not None else constant(None)
        self._emit(gast.Return(value), s)

    def _expr(self, s: gast.Expr) -> None:
        if isinstance(s.value, gast.Constant):
            return
        value = self.expressions.operation(s.value)
        if not is_atom(value):
            self._emit(gast.Expr(value), s)

    def _raise(self, s: gast.Raise) -> None:
        if refused_in(s) is not None:
            self._keep(s)
            return
        new = clone_head(s)
        new.exc = self.expressions.whole(s.exc) if s.exc is not None else None
        self.expressions.out.append(new)

    def _assert(self, s: gast.Assert) -> None:
        new = clone_head(s)
        new.test = self.expressions.whole(s.test)
        self.expressions.out.append(new)

    # -- loops -------------------------------------------------------------------------------------------------------

    def _for(self, s: gast.For) -> None:
        if self.iteration.is_builtin(s.iter, "range") and isinstance(s.target, gast.Name):
            new = clone_head(s)
            new.iter = self.expressions.whole(s.iter)
            new.body = self.block(s.body)
            self.expressions.out.append(new)
            return
        generator = self.iteration.generator(s.iter)
        if generator is not None:
            self._for_generated(generator, s)
            return
        length, element, checks = self.iteration.checked(s.iter, s)
        index = self.expressions.new("k")
        first = located(gast.Assign([s.target], element(name(index)), None), s)
        head = gast.For(
            name(index, gast.Store()), expression("range(n)", n=length), self.block([first, *s.body]), [], None
        )
        self._emit(head, s)
        for check in checks:
            self._emit(check, s)

    def _for_generated(self, generator: gast.GeneratorExp, s: gast.For) -> None:
        """A loop over the items that a generator expression gives, one by one, is its loops with the body inside."""
        if len(generator.generators) > 1 and has_break(s.body):
            raise UnsupportedError("leaving a loop over several nested ones is not differentiated",
                                   self.expressions.program.place(s), "write the loops out")
        comprehensions = self.expressions.comprehensions
        held = self.expressions.new("item")
        loops = comprehensions.loops(generator, s, [located(gast.Assign([name(held, gast.Store())], generator.elt, None), s)])
        innermost: gast.stmt = loops[0]
        while isinstance(innermost.body[0], (gast.For, gast.If)):  # type: ignore[attr-defined]
            innermost = innermost.body[0]  # type: ignore[attr-defined]
        innermost.body += [located(gast.Assign([s.target], name(held), None), s), *s.body]  # type: ignore[attr-defined]
        for made in self.block(loops):
            self.expressions.out.append(made)

    def _delete(self, s: gast.Delete) -> None:
        for target in s.targets:
            if isinstance(target, gast.Name):
                self._emit(assign(target.id, self.expressions.reference(Unbound), s), s)
            elif isinstance(target, gast.Subscript) and not isinstance(target.slice, gast.Slice):
                item = expression("x.pop(i)", x=target.value, i=target.slice)
                self._emit(assign(self.expressions.new("deleted"), self.expressions.operation(item), s), s)
            else:
                raise UnsupportedError("`del` of this is not differentiated", self.expressions.program.place(s),
                                       "build a new list without it")


def is_name_target(node: gast.expr) -> bool:
    return isinstance(node, gast.Name)


def _hint(target: gast.expr) -> str | None:
    return target.id if isinstance(target, gast.Name) else None
