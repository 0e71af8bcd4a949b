//! The forms of the language that are combined with one another less often, each as a few statements.

use super::Writer;

impl Writer {
    /// Some statements of a less usual form.
    pub fn form(&mut self, depth: usize) {
        let table = match self.below(7) {
            0 => FUNCTIONS,
            1 => LISTS,
            2 => DICTS,
            3 => ARRAYS,
            4 => LOOPS,
            5 => DEFINITIONS,
            _ => DERIVATIVES,
        };
        self.statements_from(depth, table);
    }
}

/// Functions as items.
const FUNCTIONS: &[(&str, &str)] = &[
    ("$f = [np.tanh, lambda $z: $z * @ + 0.1, math.cos]\n$s = @\nfor $g in $f:\n    $s = $g($s)", "s"),
    (
        "$f = [lambda $z: np.sin($z * @), lambda $z: np.tanh($z + @)]\n$s = @\nfor $i in range(3):\n    $s = $f[$i % 2]($s)",
        "s",
    ),
    ("$f = {\"a\": np.sin, \"b\": lambda $z: $z * np.cos(@)}\n$s = @\nfor $k in $f:\n    $s = $f[$k]($s + 0.1)", "s"),
    (
        "$f = {\"a\": np.sin, \"b\": lambda $z: $z * np.cos(@)}\n$f[\"b\"] = lambda $w: $f[\"a\"]($w) * @\n$s = $f[\"b\"](@@)",
        "s",
    ),
    ("$f = [(np.sin, @), (lambda $z: np.cos($z * @), @@)]\n$s = sum([$g($w) * 0.5 for $g, $w in $f])", "s"),
    ("$f = np.sin if @? else (lambda $z: $z * @)\n$s = $f(@@)", "s"),
    ("$f = np.cos\nif @?:\n    $f = lambda $z, $w=@: np.sin($z * $w)\n$s = $f($f(@))", "s"),
    ("def $g($h):\n    return lambda $z: $h($h($z)) * @\n$s = np.sin($g($g(np.sin))(@@))", "s"),
    ("$h = lambda $g, *$r: np.tanh(sum([$g($z) for $z in $r]))\n$s = $h(lambda $w: $w * @, @, @@)", "s"),
    ("$s = sum(map(lambda $g: $g(@), [np.sin, np.cos])) * 0.4", "s"),
    ("$s = @\nfor $g, $w in zip([np.sin, np.tanh, lambda $z: $z * @], [@, @@, 0.7]):\n    $s = $g($s + $w)", "s"),
    (
        "$f = lambda $z: np.sin($z * @)\nfor $i in range(2):\n    $f = lambda $z, $g=np.tanh: $g($z) * 0.8\n$s = $f(@@)",
        "s",
    ),
];

const LISTS: &[(&str, &str)] = &[
    ("$q = [@, @, @]\n$q[1:] = [@@, @, @]\n$s = $q[-1] * $q[1]", "s; q list"),
    ("$q = [@, @, @, @]\n$q[::2] = [@, @@]\ndel $q[1:2]", "q list"),
    ("$q = [@, @@, @]\n$q.sort(key=lambda $z: -$z)", "q list"),
    ("$q = sorted([@, @@, @], key=lambda $z: $z * $z, reverse=True)", "q list"),
    (
        "$q = [[@, @], [@]]\n$q[0].append(@@)\n$q[-1][0] += @\n$q.append([@])\n$s = np.tanh(sum([sum($r) for $r in $q]))",
        "s",
    ),
    ("$q = [*[@, @], @@, *[@ * $i for $i in range(2)]]", "q list"),
    ("$x, *$q, $y = [@, @@, @, @]", "x; y; q list"),
    ("$q = [$z for $r in [[@, @], [@@]] for $z in $r if $z > -0.913] + [@]", "q list"),
    ("$q = [@, @@]\n$q.extend([$z * 0.5 for $z in $q])\n$q.reverse()", "q list"),
    ("$q = [(@, 1), (@@, 2)]\n$s = sum([$z * $n for $z, $n in $q]) * 0.2", "s"),
    ("$q = list(zip([@, @], [@@, @]))\n$q.append((@, @))\n$s = sum([$x * $y for $x, $y in $q]) * 0.4", "s"),
    ("$x, $y = zip([@, @], [@@, @])\n$s = $x[0] * $y[1] + $x[1]", "s"),
    ("$s = max([@, @@, @], key=lambda $z: -$z)", "s"),
    ("$s = min([$z for $z in [@, @@] if $z > 0.417], default=@)", "s"),
    ("$s = np.tanh(sum([@, @@], @))", "s"),
    ("$q = [@, @@]\nfor $i in range(2):\n    $q = [$q[-1] * @] + $q\n    $q[$i] *= 0.8", "q list"),
    (
        "$q = []\nfor $i in range(3):\n    $q.insert($i % 2, np.sin(@ * $i + @))\n$s = $q.pop(1) * $q.pop(-1)",
        "s; q list",
    ),
    ("$q = [@3, @3]\n$q[0][1:] += @\n$q[1] = $q[0] * $q[1]\n$a = np.stack($q)", "a 23"),
    ("$q = [@3 * @]\nfor $i in range(2):\n    $q.append(np.sin($q[-1] + @))\n$a = sum($q) * 0.4", "a 3"),
    ("$q = [@3[:$n] for $n in range(1, 4)]\n$s = np.tanh(sum([np.sum($z * $z) for $z in $q]))", "s"),
    (
        "$q = [@, @@, @]\nwhile len($q) > 1:\n    $x, $y = $q.pop(), $q.pop(0)\n    $q.append(np.sin($x * $y + @))\n$s = $q[0]",
        "s",
    ),
    ("$q = [@, @@]\n$r = $q\n$r[0] = @\n$r += [$q[0]]\n$q = $r[::-1]", "q list; r list"),
    ("$q = [np.sin($z) for $z in @3 if $z < 0.913]\n$s = np.tanh(sum([$x * $y for $x, $y in zip($q, $q[1:])]))", "s"),
    ("$t = (@, (@@, @3))\n$x, ($y, $a) = $t\n$t = $t + ($x * $y,)\n$s = $t[2] * $t[1][0]", "s; a 3"),
];

const DICTS: &[(&str, &str)] = &[
    ("$d = {\"a\": @, **{\"b\": @@}}\n$d |= {\"a\": @}\n$s = $d[\"a\"] * $d[\"b\"]", "s"),
    ("$d = {}\nfor $i, $z in enumerate([@, @@, @]):\n    $d[$i] = $z * 0.7\n$s = np.tanh(sum($d.values()))", "s"),
    ("$d = {}\nfor $k in \"abca\":\n    $d[$k] = $d.get($k, @) * 0.8 + 0.1\n$s = $d[\"a\"] * $d[\"c\"]", "s"),
    (
        "$d = {\"a\": @, \"b\": @@}\n$d.setdefault(\"c\", @)\n$d.setdefault(\"a\", @)\ndel $d[\"b\"]\n$s = sum($d.values()) * 0.4",
        "s",
    ),
    (
        "$d = {\"w\": @3, \"b\": @}\nfor $k, $z in $d.items():\n    $d[$k] = np.sin($z) * @\n$a, $s = $d[\"w\"], $d[\"b\"]",
        "a 3; s",
    ),
    (
        "$d = {\"q\": [@, @], \"e\": {\"w\": @3}}\n$d[\"q\"].append(@@)\n$d[\"e\"][\"w\"][1:] += @\n$d[\"q\"][0] *= $d[\"e\"][\"w\"][1]\n$s = np.tanh(sum($d[\"q\"]) + np.sum($d[\"e\"][\"w\"]))",
        "s",
    ),
    ("$d = dict(zip([\"a\", \"b\"], [@, @@]))\n$s = $d[\"b\"] * $d.pop(\"a\")", "s"),
    ("$d = {$i: @ * $i for $i in range(3)}\n$s = sum([$d[$i] * ($i + 1) for $i in $d]) * 0.2", "s"),
    (
        "$d = {\"n\": 2, \"w\": @, \"name\": \"x\"}\nfor $i in range($d[\"n\"]):\n    $d[\"w\"] = np.sin($d[\"w\"] * 1.2 + @)\n$s = $d[\"w\"]",
        "s",
    ),
    (
        "$q = [{\"w\": @, \"b\": @@}, {\"w\": @@, \"b\": @}]\n$s = @\nfor $d in $q:\n    $s = np.tanh($s * $d[\"w\"] + $d[\"b\"])\n$q[0][\"w\"] += $s\n$s = $s * $q[0][\"w\"]",
        "s",
    ),
    (
        "$d = {\"a\": @, \"b\": @@}\n$e = {$k: $d[$k] * $z for $k, $z in sorted($d.items(), reverse=True)}\n$s = $e[\"b\"] - $e[\"a\"]",
        "s",
    ),
    ("$d = {\"m\": np.eye(2) * @}\n$d[\"m\"][0, 1] = @\n$d[\"m\"][1] += @2\n$a = np.sin($d[\"m\"])", "a 22"),
];

const ARRAYS: &[(&str, &str)] = &[
    ("$a = np.zeros(4)\n$a[1:] = @3\n$a[:-1] += $a[1:] * @\n$a[::-2] *= 0.7", "a 4"),
    ("$a = @4 * 1.0\n$a[[0, 2, 0]] += @3", "a 4"),
    ("$a = @23 * 1.0\n$a[:, ::-1] = $a * @\n$a[0, 1:] += @\n$a[[0, 1], [2, 0]] *= @", "a 23"),
    ("$a = @33 * 1.0\n$a[$a > 0.213] = @\n$a[1:, :2] += $a[:2, 1:] * @", "a 33"),
    ("$a = @4 * 1.0\nfor $i in range(1, 4):\n    $a[$i] += np.sin($a[$i - 1]) * @", "a 4"),
    (
        "$a = @33 * 1.0\nfor $i in range(3):\n    for $j in range($i + 1):\n        $a[$i, $j] = np.tanh($a[$j, $i] * @ + $a[$i, $j])",
        "a 33",
    ),
    ("$a = @4 * 1.0\n$a[1:3], $a[0] = $a[:2] * 0.5, @", "a 4"),
    ("$a = @3 * 1.0\n$a.sort()\n$a *= @\n$a[...] = np.sin($a)", "a 3"),
    ("$a, $b = @3, @3\n$a, $b = np.where($a > $b, $a, $b), np.minimum($a, $b)", "a 3; b 3"),
    ("$a = np.empty(3)\nfor $i, $z in enumerate(@3):\n    $a[$i] = np.sin($z) * @", "a 3"),
    ("$a = @3 * 1.0\n$a[np.array([True, False, True])] -= @\n$a[-1:] = @", "a 3"),
    ("$a = np.stack([@3 * $i for $i in range(3)]) * 0.3", "a 33"),
    ("$a = @33 * 1.0\n$a[np.arange(3), [1, 1, 0]] = @3", "a 33"),
    ("$a = @23 * 1.0\n$a[..., 1] = @\n$a[-1] = $a[0][::-1]", "a 23"),
    ("$a = @33 * 1.0\n$a[np.ix_([0, 2], [1, 2])] += @22", "a 33"),
    ("$a = @4 * 1.0\nnp.add.at($a[1:], [0, 0, 2], @3)\n$b = $a[[3, 3, 1]] * $a[1:]", "a 4; b 3"),
    ("$a = @33 * 1.0\n$a[:, 0], $a[:, 2] = $a[:, 2].copy(), $a[:, 0] * @", "a 33"),
    ("$a = @23 * 1.0\nfor $i, $r in enumerate($a):\n    $a[1 - $i] += $r * @", "a 23"),
    ("$a = @4 * 1.0\n$a[1:-1] = 0.5 * ($a[:-2] + $a[2:]) * @ + $a[1:-1]", "a 4"),
    (
        "$a = @3 * 1.0\n$n = 0\nwhile np.max(np.abs($a)) > 0.217 and $n < 5:\n    $a[$n % 3] *= 0.6\n    $a = $a * 0.9\n    $n += 1",
        "a 3",
    ),
];

const LOOPS: &[(&str, &str)] = &[
    (
        "$s = @\nfor $i in range(3):\n    for $j in range(3):\n        if $s * $j > 0.313:\n            break\n        $s = np.sin($s + @ * $j)\n    else:\n        $s = $s * 0.9\n        continue\n    $s = np.tanh($s * @ + 0.3)",
        "s",
    ),
    (
        "$s, $n = @, 0\nwhile True:\n    $n += 1\n    if $n > 5 or abs($s) > 0.931:\n        break\n    if $n % 2:\n        continue\n    $s = $s * 1.31 + @ * 0.1",
        "s",
    ),
    ("if ($s := @@) > 0.217:\n    $t = $s * @\nelse:\n    $t = np.sin($s)", "s; t"),
    ("$n, $s = 0, @\nwhile ($n := $n + 1) < 4:\n    $s = np.sin($s * 1.2) + 0.1 * @ * $n", "s"),
    ("$s = (@ > 0.217 and @@) or @ * 0.7", "s"),
    ("$s = @\nfor $i in cotangent.checkpoint(range(4)):\n    $s = np.sin($s * 1.1) + @ * 0.1 * $i", "s"),
    (
        "$s, $a = @, @3 * 1.0\nfor $i in cotangent.checkpoint(range(5), slots=2):\n    if $i == 2:\n        continue\n    $a[$i % 3] += $s\n    $s = np.tanh($s + $a[0] * @)",
        "s; a 3",
    ),
    ("$s = cotangent.checkpoint(lambda $z: np.sin($z) * @)(@@)", "s"),
    (
        "$s, $q = @, [@]\nfor $i in range(3):\n    if $s > 0.417 and $i:\n        $q.append($s * @)\n    elif $q[-1] < 0.713:\n        $q[-1] += 0.1 * $s\n    $s = np.cos($s + $q[-1])",
        "s; q list",
    ),
    ("$x, $y = @, @@\nfor $i in range(4):\n    $x, $y = np.sin($y + 0.1 * $i), $x * 0.9 + @ * $y", "x; y"),
    (
        "$s = @\nfor $i in range(4):\n    if $i == 0:\n        $t = $s * @\n    else:\n        $t = $t * 0.8 + $s\n    $s = np.tanh($t)",
        "s; t",
    ),
    (
        "$s, $m = @, -10.0\nfor $z in [@, @@, @ * 0.9]:\n    if $z > $m:\n        $m = $z\n        $s = $s * $z\n$s = $s + $m",
        "s; m",
    ),
    (
        "$s = 0.0\nfor $x in [@, @@]:\n    for $y in ($x, @):\n        if $x * $y < -0.113:\n            continue\n        $s += np.sin($x * $y) * 0.4",
        "s",
    ),
    (
        "$s, $h = @, 0.25\nfor $i in range(3):\n    $x = np.sin($s) * @\n    $y = np.sin($s + 0.5 * $h * $x) * @\n    $s += $h * ($x + 2 * $y) / 3",
        "s",
    ),
    (
        "$x = 1.5 + @ ** 2\nfor $i in range(8):\n    $y = $x - ($x * $x - 2.1) / (2 * $x)\n    if abs($y - $x) < 1e-12:\n        break\n    $x = $y * (1.0 + 0.01 * @)\n$s = np.sin($x)",
        "s",
    ),
    ("$s = @\nfor $i in range(2, -1, -1):\n    $s = $s * @ + $i if $i % 2 else np.sin($s)\n$s = np.tanh($s)", "s"),
];

const DEFINITIONS: &[(&str, &str)] = &[
    (
        "def $g($z, $w=@, *$r, $k=@@, **$o):\n    return np.sin($z * $w + $k) + 0.2 * sum($r) + $o.get(\"m\", 0.1)\n$s = $g(@) + $g(@, @, @, $k=@, m=@)",
        "s",
    ),
    (
        "def $g($z, $y=None):\n    if $y is None:\n        $y = $z * $z\n    return $y * np.cos($z)\n$s = $g(@) * $g(@@, @)",
        "s",
    ),
    ("def $g($n, $z):\n    return $z if $n == 0 else np.sin($g($n - 1, $z * @) + $z)\n$s = $g(3, @@)", "s"),
    (
        "def $g($q):\n    if len($q) < 2:\n        return $q\n    $p = $q[0]\n    return $g([$z for $z in $q[1:] if $z <= $p]) + [$p] + $g([$z for $z in $q[1:] if $z > $p])\n$s = $g([@, @@, @ * 1.1])[0]",
        "s",
    ),
    (
        "def $g($z):\n    if isinstance($z, list):\n        return sum([$g($w) for $w in $z])\n    return np.sin($z) * @\n$s = np.tanh($g([@, [@@, [@]], @]))",
        "s",
    ),
    (
        "def $g($d, $n):\n    if $n == 0:\n        return $d\n    $d[\"a\"] = np.sin($d[\"a\"] + $d[\"b\"] * @)\n    return $g($d, $n - 1)\n$s = $g({\"a\": @, \"b\": @@}, 2)[\"a\"]",
        "s",
    ),
    (
        "def $g($q, $z):\n    $q.append($z)\n    return $q, $q[0] * $z\n$q = [@]\nfor $i in range(3):\n    $q, $s = $g($q, np.sin($q[-1] + @))",
        "q list; s",
    ),
    (
        "def $g($x):\n    for $i in range(4):\n        for $j in range(3):\n            if $x * $i > 0.731 + 0.1 * $j:\n                return $x * $j + @\n            $x = np.sin($x + 0.2)\n    return -$x\n$s = np.tanh($g(@@))",
        "s",
    ),
    (
        "$w = @\ndef $g($z):\n    $w = $z * @\n    def $h($y):\n        return np.sin($w * $y)\n    return $h\n$s = $g($w)($w) + $g(@)(@@)",
        "s",
    ),
    ("def $g($a):\n    $a[0] = @\n    return np.sum($a * $a)\n$a = @3 * 1.0\n$s = np.tanh($g($a) + $a[0])", "s; a 3"),
    (
        "def $g($x, $y):\n    return {\"s\": $x * $y, \"l\": [$x, $y], \"t\": ($x - $y,)}\n$r = $g(@, @@)\n$s = $r[\"s\"] + $r[\"l\"][1] * $r[\"t\"][0]",
        "s",
    ),
    (
        "def $g($m, $x):\n    if np.ndim($x) == 0:\n        return np.sin($m * $x)\n    return np.sum($m * $x)\n$s = np.tanh($g(@, @@) * $g(@, @3))",
        "s",
    ),
];

/// Derivatives inside of programs.
const DERIVATIVES: &[(&str, &str)] = &[
    ("$s = np.sin(grad(lambda $z: np.sin($z * @) * $z)(@@))", "s"),
    ("$s = np.tanh(jvp(lambda $z: np.sin($z * @) * $z, (@,), (@@,))[1])", "s"),
    ("$y, $p = vjp(lambda $z, $w: np.sin($z * $w) * @, @, @@)\n$x, $t = $p(@)\n$s = np.tanh($y + $x * $t)", "s"),
    ("$a = cotangent.vmap(lambda $z: np.sin($z * @) * $z)(@3)", "a 3"),
    ("$a = np.tanh(cotangent.vmap(grad(lambda $z: np.cos($z * @) * $z))(@3))", "a 3"),
    ("$a = np.tanh(cotangent.hessian(lambda $w: np.sum(np.sin($w * @)) * $w[0])(@3)[0])", "a 3"),
    ("$a = np.tanh(cotangent.jacobian(lambda $w: np.sin($w) * $w[1] * @)(@3)[1])", "a 3"),
    ("$a = @3 * 1.0\nfor $i in range(2):\n    $a = $a - 0.1 * grad(lambda $w: np.sum(np.cos($w * @) * $w))($a)", "a 3"),
    (
        "$v, $d = value_and_grad(lambda $w: $w[\"a\"] * np.sin($w[\"b\"] * @))({\"a\": @, \"b\": @@})\n$s = np.tanh($v + $d[\"a\"] * $d[\"b\"])",
        "s",
    ),
    ("$s = np.tanh(cotangent.derivative(lambda $z: np.sin($z * @), 2)(@))", "s"),
    (
        "def $g($z):\n    $q = [$z]\n    for $i in range(2):\n        $q.append(np.sin($q[-1] * @))\n    return sum($q)\n$s = np.tanh(grad($g)(@@))",
        "s",
    ),
    ("$s = @\nif @?:\n    $s = np.tanh(grad(lambda $z: $z * $z * np.sin($z + @))($s))", "s"),
];
