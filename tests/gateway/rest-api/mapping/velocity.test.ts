import assert from "node:assert/strict";
import { javaValue } from "../../../../gateway/rest-api/mapping/java-values";
import { parseJson } from "../../../../gateway/rest-api/mapping/json";
import { compileTemplate } from "../../../../gateway/rest-api/mapping/velocity";

const render = (template: string, scope: Record<string, unknown> = {}): string =>
  compileTemplate(template).render(
    new Map(Object.entries(scope).map(([name, value]) => [name, javaValue(value)])),
  );

describe("VTL", () => {
  describe("a # that starts no directive is text [VTL reference; field report of DynamoDB keys]", () => {
    const scope = { a: "1", b: "2", m: { k: "3" } };
    for (const [template, wanted] of [
      ["$a#$b", "1#2"],
      ["$a#${b}", "1#2"],
      ["${a}#$b", "1#2"],
      ["$m.get('k')#$m.get(\"k\")", "3#3"],
      ["$a#", "1#"],
      ["#$a", "#1"],
      ["$a##", "1"],
      ["A#$a#B#$b#C", "A#1#B#2#C"],
      ["$a #$b", "1 #2"],
      ["#fff #123 #endpoint #elsewhere", "#fff #123 #endpoint #elsewhere"],
      ["#unknown($a) #(x) #{x", "#unknown($a) #(x) #{x"],
      ["$ $5 ${ ${a $-", "$ $5 ${ ${a $-"],
    ] as const)
      it(`${template} is ${wanted}`, () => assert.equal(render(template, scope), wanted));
  });

  describe("string literals [VTL reference; awsdocs/amazon-api-gateway-developer-guide#92]", () => {
    for (const [template, wanted] of [
      [`#set($m = "{""foo"": ""$a""}")$m`, '{"foo": "1"}'],
      ["#set($m = 'it''s')$m", "it's"],
      [`#set($m = "'$a'")$m`, "'1'"],
      [`#set($m = '"$a"')$m`, '"$a"'],
      [`#set($m = "a\\")$m`, "a\\"],
      [`#set($m = "#if($a)yes#end")$m`, "yes"],
      [`#set($m = "")[$m]`, "[]"],
      [`#set($m = "\\u0041")$m#set($m = '\\u0041')$m`, "A\\u0041"],
    ] as const)
      it(`${template} is ${wanted}`, () => assert.equal(render(template, { a: "1" }), wanted));
  });

  describe("directives [VTL reference]", () => {
    for (const [template, wanted] of [
      ["#{if}(true)y#{else}n#{end}", "y"],
      ["#{set}($x = 1)$x", "1"],
      ["#if(false)a#{elseif}(true)b#{end}", "b"],
      ["#foreach($x in 's')x#{end}none", "none"],
      ["#if([] == [])same#end", "same"],
      ["#if(1 lt 2 and not false or false)yes#end", "yes"],
      ["#set( $x = [ 1, 2 ] )$x.size()", "2"],
      ["#set($x = {})#set($x.a = {'b': [1]})$x.a.b[0]", "1"],
      ["#macro(m $a, $b)[${a}-${b} ]#end#m(1, 2)#m(3 4)", "[1-2 ][3-4 ]"],
      ["a\n  #set($x = 1)\nb", "a\n  b"],
      ["#if(true)\n  #set($x = 1)\n  b#end", "  b"],
      ["$a  #set($x = 1)b", "1  b"],
      ["#macro(q)\nx\n#end\n#q()\ny", "x\ny"],
      ["#unknown()\ny", "#unknown()\ny"],
      ["a #* open", "a "],
      ["#set($x = 1.)$x", "1.0"],
      ["#if(true)\nx\n#end\ny", "x\ny"],
      ["\\$a \\$none \\#if \\#none", "$a \\$none #if \\#none"],
      ["#[[ $a #if ]]#", " $a #if "],
      ["a ## comment\nb#* c *#d", "a bd"],
      [
        "#foreach($i in [1..3])#foreach($j in [1..2])$foreach.parent.count$foreach.count #end#end",
        "11 12 21 22 31 32 ",
      ],
      ["#set($x = 1)#set($x = $null)[$x]", "[]"],
    ] as const)
      it(`${JSON.stringify(template)} is ${JSON.stringify(wanted)}`, () =>
        assert.equal(render(template, { a: "1" }), wanted));
  });

  describe("a template that Velocity cannot parse", () => {
    for (const [template, message] of [
      ["#if(true)x", /^line 1, column 11: expected #end, found the end$/],
      ["a\n#if(true)x", /^line 2, column 11: /],
      ["x#end", /^line 1, column 2: no block is open, found "#end"$/],
      ["#else", /no block is open/],
      ["#foreach($i in [1])x#{else}y#end", /expected #end/],
      ["#if(true)a#{else}b#{else}c#end", /expected #end/],
      ["#set($x)", /expected =/],
      ["#set(1 = 2)", /expected a variable/],
      ["#if()x#end", /expected an expression/],
      ['#set($x = "open)', /expected an expression/],
      ["$a.b(", /expected an expression/],
    ] as const)
      it(`${JSON.stringify(template)} is refused with the location`, () =>
        assert.throws(() => compileTemplate(template), { name: "SyntaxError", message }));
  });

  describe("numbers as Java has them [Velocity MathUtils; Double.toString]", () => {
    for (const [expression, wanted] of [
      ["7 / 2", "3"],
      ["-7 / 2", "-3"],
      ["-7 % 2", "-1"],
      ["5 / 2.0", "2.5"],
      ["1.5 * 2", "3.0"],
      ["10.0", "10.0"],
      ["1.5e3", "1500.0"],
      ["1e7 * 1.0", "1.0E7"],
      ["0.0001 * 1", "1.0E-4"],
      ["0.1 + 0.2", "0.30000000000000004"],
      ["9007199254740993 + 1", "9007199254740994"],
      ["9007199254740993 * 9007199254740993", "81129638414606699710187514626049"],
      ["12345678901234567890 - 1", "12345678901234567889"],
      ["1 / 0", ""],
      ["1.0 / 0", ""],
      ["'1' + 2.0", "12.0"],
      ["1 == 1.0", "true"],
      ["9007199254740993 == 9007199254740992", "false"],
      ["9007199254740993 > 9007199254740992", "true"],
      ["-$two", "-2"],
    ] as const)
      it(`${expression} is ${wanted || "nothing"}`, () =>
        assert.equal(render(`#set($x = ${expression})$x`, { two: 2 }), wanted));
    it("methods of numbers", () => {
      assert.equal(
        render("$d.intValue() $i.doubleValue() $i.equals(2) $d.equals(2)", { d: 2.9, i: 2 }),
        "2 2.0 true false",
      );
      assert.equal(
        render("$i.parseInt('42') $i.parseDouble('1.50') $s.format('%05d|%.2f', 42, 1.5)", { i: 1, s: "" }),
        "42 1.5 00042|1.50",
      );
    });
  });

  describe("collections", () => {
    const scope = { json: { b: 1, a: [2, 3] } };
    for (const [template, wanted] of [
      ["$m.entrySet().iterator().next().key", "b"],
      ["$m.entrySet().iterator().next()", "b=1"],
      ["$m.keySet().iterator().next().length()", "1"],
      ["#foreach($e in $m.entrySet().iterator())$e.key;#end", "b;a;"],
      ["$m.a.iterator().hasNext() $m.a.get(1) $m.a[-1]", "true 3 3"],
      ["$m.class.name$m.getClass()$m.a.class", ""],
    ] as const)
      it(`${template} is ${wanted || "nothing"}`, () =>
        assert.equal(render(template, { m: scope.json }), wanted));
    it("keys that look like numbers keep their order, as in a LinkedHashMap", () => {
      const map = parseJson('{"b":1,"10":2,"9":3}');
      assert.equal(
        compileTemplate("$m.keySet() $m").render(new Map([["m", map]])),
        "[b, 10, 9] {b=1, 10=2, 9=3}",
      );
    });
  });

  describe("methods, by the types of their arguments [as Velocity 1.7 chooses them]", () => {
    const scope = { s: "a-b", l: [1, "x"], i: 5 };
    for (const [template, wanted] of [
      ["$s.substring(1) $s.substring(0, 1) $s.charAt(2) $s.split('-')[1]", "-b a b b"],
      ["$s.compareTo('a-c') $s.compareTo('a') $s.startsWith('b', 2)", "-1 2 true"],
      ["$s.contains(1)$s.concat(2)$s.substring('1')$s.replace('a', 1)$s.matches(true)", ""],
      ["$s.length(1)$l.size('x')$l.get('0')$l.get()$i.parseDouble(1)", ""],
      ["$s.equalsIgnoreCase($none) $s.equals(1) $i.equals(5.0)", "false false false"],
      ["$i.parseInt('7') $i.valueOf('8') $i.compareTo(9)", "7 8 -1"],
    ] as const)
      it(`${template} is ${wanted || "nothing"}`, () => assert.equal(render(template, scope), wanted));
    for (const [template, message] of [
      ["$l.get(2)", /IndexOutOfBounds/],
      ["$l[2]", /IndexOutOfBounds/],
      ["#set($l[2] = 1)", /IndexOutOfBounds/],
      ["$s.charAt(3)", /StringIndexOutOfBounds/],
      ["$s.substring(2, 1)", /StringIndexOutOfBounds/],
      ["$s.contains($none)", /NullPointer/],
      ["$i.parseInt('x')", /NumberFormat/],
    ] as const)
      it(`${template} fails`, () => assert.throws(() => render(template, scope), message));
  });
});
