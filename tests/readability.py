"""What can be counted of a text's readability: statements, stores that nobody reads, tapes that nobody reads."""
import ast


def functions(text):
    """The function definitions of a text, nested ones too."""
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]


def statements(text):
    """How many statements stand inside the functions of a text; docstrings do not count."""
    return sum(isinstance(node, ast.stmt) and not _is_docstring(node)
               for function in functions(text) for node in ast.walk(function) if node is not function)


def _is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def unread_tapes(text):
    """Names that are appended to, or made by `np.empty` and stored into, and never read otherwise."""
    unread = []
    for function in functions(text):
        filled = {name for node in ast.walk(function) if (name := _fills(node))}
        writes = {id(name) for node in ast.walk(function) for name in _written_through(node)}
        read = {node.id for node in ast.walk(function)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in writes}
        unread += [f"{function.name}: {name}" for name in sorted(filled - read)]
    return unread


def _fills(node):
    """The list that `name.append(...)` appends to, or the name that is assigned `np.empty(...)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return node.func.value.id if node.func.attr == "append" else None
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name):
        made_by = node.value.func
        return node.targets[0].id if isinstance(made_by, ast.Attribute) and made_by.attr == "empty" else None
    return None


def _written_through(node):
    """The names that a node loads only to write through them."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
        yield node.func.value
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        yield node.value


def dead_stores(text):
    """Assignments to a name that no later statement reads, as "function:line: name"; `_` may be dead."""
    found = []
    for function in functions(text):
        liveness = _Liveness()
        liveness.block(function.body, set())
        found += [f"{function.name}:{line}: {name}" for line, name in sorted(liveness.dead)]
    return found


def _reads(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)} if node else set()


class _Liveness:
    """Walks a function backwards with the names that are still read; loops are walked until nothing changes."""

    def __init__(self):
        self.dead = set()
        self.after_loop, self.next_trip = [], []

    def block(self, body, live):
        for statement in reversed(body):
            live = getattr(self, type(statement).__name__, self.other)(statement, live)
        return live

    def other(self, statement, live):
        return live | _reads(statement)

    def Return(self, statement, live):
        return _reads(statement.value)

    def Raise(self, statement, live):
        return _reads(statement)

    def Break(self, statement, live):
        return self.after_loop[-1]

    def Continue(self, statement, live):
        return self.next_trip[-1]

    def Assign(self, statement, live):
        stored = {n.id for t in statement.targets for n in ast.walk(t)
                  if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        through = any(isinstance(n, (ast.Subscript, ast.Attribute)) for t in statement.targets for n in ast.walk(t))
        self.judge(statement, stored, live, through)
        loaded = set().union(*(_reads(target) for target in statement.targets))
        return live - stored | loaded | _reads(statement.value)

    def AugAssign(self, statement, live):
        if isinstance(statement.target, ast.Name):
            # An array may be written through a name that is not read again: `v *= 2.0` of a view. Scalars may not.
            return live | {statement.target.id} | _reads(statement.value)
        return live | _reads(statement)

    def judge(self, statement, stored, live, through):
        key = {(statement.lineno, name) for name in stored - {"_"}}
        if stored and not through and not stored & (live | {"_"}):
            self.dead |= key
        else:
            self.dead -= key

    def If(self, statement, live):
        return self.block(statement.body, live) | self.block(statement.orelse, live) | _reads(statement.test)

    def While(self, statement, live):
        return self.loop(statement, live, _reads(statement.test), set())

    def For(self, statement, live):
        stored = {n.id for n in ast.walk(statement.target) if isinstance(n, ast.Name)}
        return self.loop(statement, live, set(), stored) | _reads(statement.iter)

    def loop(self, statement, live, test, stored):
        at_end = self.block(statement.orelse, live)
        never = isinstance(statement, ast.While) and isinstance(statement.test, ast.Constant) and statement.test.value
        head = test | (set() if never else at_end)
        while True:
            self.after_loop.append(live)
            self.next_trip.append(head)
            before = head | (self.block(statement.body, head) - stored)
            self.after_loop.pop()
            self.next_trip.pop()
            if before == head:
                return head
            head = before

    def With(self, statement, live):
        live = self.block(statement.body, live)
        return live.union(*(_reads(item.context_expr) for item in statement.items))

    def FunctionDef(self, statement, live):
        return live - {statement.name} | _reads(statement)
