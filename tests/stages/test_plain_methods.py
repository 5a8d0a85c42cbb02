"""Methods whose text stores nothing."""
import re

import pytest

from autodiff_src.analyze.plain_methods import stores_nothing
from autodiff_src.parse import source_of

SEEN: list = []


def noted(k):
    SEEN.append(k)


class Base:
    def __getitem__(self, k):
        return self.data[k]


class Mapping(Base):
    def __init__(self):
        self.data, self.n = {}, 0

    def reads(self, k):
        try:
            return self.data[str(k).lower()]
        except KeyError:
            return [v for v in self.data.values() if v] or max(self.data, default=None)

    def keys(self):
        yield from self.data

    def calls_others(self, k):
        return re.sub("a", "b", k) + "".join(self.keys()) + str(self.reads(k))

    def above(self, k):
        return super().__getitem__(k)

    def counts(self):
        self.n += 1
        return self.n

    def fills(self, k):
        self.data[k] = k

    def grows(self, k):
        self.data.setdefault(k, []).append(k)

    @property
    def counted(self):
        return self.counts()

    def by_a_property(self):
        return self.counted + 1

    def by_a_function(self, k):
        return noted(k)

    def unknown(self, k):
        return self.data[k].strange()


@pytest.mark.parametrize("name", ["reads", "keys", "calls_others", "above", "__getitem__"])
def test_plain(name):
    assert stores_nothing(getattr(Mapping, name), Mapping, source_of)


@pytest.mark.parametrize("name", ["counts", "fills", "grows", "by_a_property", "by_a_function", "unknown"])
def test_not_plain(name):
    assert not stores_nothing(Mapping.__dict__[name], Mapping, source_of)
