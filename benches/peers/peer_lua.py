"""Lua 5.4's interpreter (by Lupa), which has no derivatives: a loop over numbers."""

import lupa.lua54

from worker import Peer

LOOP = """function(x, r, n, count)
    local total = 0.0
    for _ = 1, count do
        local y = x
        for i = 1, n do
            y = r * y * (1.0 - y)
        end
        total = total + y
    end
    return total
end"""
# Calls from Lua itself: a call from Python would cost more than the loop.
CALLS = 1000


class Lua(Peer):
    name = "lua"
    repeats = CALLS

    def prepare(self, case):
        if case.name != "interpreter":
            raise LookupError("has no derivatives")
        return super().prepare(case)

    def interpreter(self, case, x, r, n):
        run = lupa.lua54.LuaRuntime().eval(LOOP)
        return None, (lambda: run(x, r, n, CALLS))


PEER = Lua()
