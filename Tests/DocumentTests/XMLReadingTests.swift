import Document
import XCTest

final class XMLReadingTests: XCTestCase {
  func testReadsElementsTextAndAttributes() throws {
    let cases: [(text: String, expected: XMLElement)] = [
      ("<a/>", XMLElement(name: "a")),
      ("<a ></a >", XMLElement(name: "a")),
      ("\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a>x</a>\n", leaf("x")),
      (
        "<?xml version='1.0' standalone='yes' ?><!-- - --><?pi <x ?><a>x</a><!----><?p?>", leaf("x")
      ),
      ("<a> x\n\ty </a>", leaf(" x\n\ty ")),
      ("<a>\r\n \r</a>", leaf("\n \n")),
      ("<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x1F600;&#xD;&#0010;</a>", leaf("<>&'\"A😀\r\n")),
      ("<a>1<![CDATA[<b>&amp;]]]]><![CDATA[>]]>2</a>", leaf("1<b>&amp;]]>2")),
      ("<a>1<!-- <b> -->2<?p ?>3</a>", leaf("123")),
      ("<a>é€😀 ]] ></a>", leaf("é€😀 ]] >")),
      ("<é_1.-·>x</é_1.-·>", XMLElement(name: "é_1.-·", text: "x")),
      (
        "<n:a xmlns:n='u:n' n:b = \"1 &gt; '&quot;'\" c='\t\n\r\n&#x9;&#xA;'/>",
        XMLElement(
          name: "a", attributes: ["xmlns:n": "u:n", "n:b": "1 > '\"'", "c": "   \t\n"])
      ),
      (
        "<a>\n <b>1</b>\n <c> </c>\n <n:b>2</n:b>\n</a>",
        XMLElement(
          name: "a",
          children: [
            XMLElement(name: "b", text: "1"), XMLElement(name: "c", text: " "),
            XMLElement(name: "b", text: "2"),
          ])
      ),
      ("<a>x<b/>y</a>", XMLElement(name: "a", children: [XMLElement(name: "b")], text: "xy")),
    ]
    for (text, expected) in cases {
      XCTAssertEqual(try XMLElement.read(text), expected, "\(text) is read as something else")
    }
  }

  func testTheReaderKeepsPrefixesAndTheOrderOfEvents() throws {
    var reader = XMLReader(Array("<s:a x:t='1'><b/>t<!-- c -->u</s:a>".utf8))
    var events: [XMLEvent] = []
    while let event = try reader.next() { events.append(event) }
    let name = XMLName("s:a")
    XCTAssertEqual(name.localName, "a")
    XCTAssertEqual(
      events,
      [
        .start(name, [XMLAttribute(name: XMLName("x:t"), value: "1")]),
        .start(XMLName("b"), []), .end(XMLName("b")), .text("tu"), .end(name),
      ])
    XCTAssertNil(try reader.next(), "past the end there is nothing")
  }

  func testChildrenAreFoundByLocalName() throws {
    let element = try XMLElement.read("<a><b>1</b><c/><b>2</b></a>")
    XCTAssertEqual(element.child("b")?.text, "1")
    XCTAssertEqual(element.children("b").map(\.text), ["1", "2"])
    XCTAssertNil(element.child("d"))
  }

  func testRefusesWhatIsNotWellFormedAndSaysWhere() {
    let cases: [(text: String, error: String)] = [
      ("", "1:1: the text has no element"),
      (" <!-- a -->\n", "2:1: the text has no element"),
      ("x", "1:1: expected '<': text cannot stand outside the root element"),
      ("<a/>\n é<b/>", "2:2: expected '<': text cannot stand outside the root element"),
      ("&#32;<a/>", "1:1: expected '<': text cannot stand outside the root element"),
      ("<a/><b/>", "1:5: a second element stands after the root element"),
      ("<a>", "1:4: the text ends inside the element <a> that began at 1:1"),
      ("<a>\n <b>x", "2:6: the text ends inside the element <b> that began at 2:2"),
      ("<a><b></a></b>", "1:7: </a> stands where <b>, which began at 1:4, must end"),
      ("<a></a></a>", "1:8: </a> ends an element that did not begin"),
      ("<", "1:2: expected an element's name, found the end of the text"),
      ("<1/>", "1:2: expected an element's name, found '1'"),
      ("< a/>", "1:2: expected an element's name, found a space"),
      ("<a", "1:3: expected a space or '>', found the end of the text"),
      ("<a ", "1:4: expected an attribute's name, found the end of the text"),
      ("<a/", "1:4: expected '>' at the end of the tag <a>, found the end of the text"),
      ("<a b>", "1:5: expected '=' after the attribute 'b', found '>'"),
      ("<a b=c>", "1:6: expected an attribute's value in quotation marks, found 'c'"),
      ("<:a/>", "1:2: ':' stands elsewhere than between a prefix and a name"),
      ("<a b:='1'/>", "1:4: ':' stands elsewhere than between a prefix and a name"),
      ("<a:b:c/>", "1:2: ':' stands elsewhere than between a prefix and a name"),
      ("<a b='1'c='2'/>", "1:9: expected a space or '>', found 'c'"),
      ("<a b='1' c='2' b='3'/>", "1:16: the attribute 'b' occurs twice"),
      ("<a b='<'/>", "1:7: an attribute's value contains '<'; write '&lt;'"),
      ("<a b='", "1:6: the attribute's value that begins here has no end"),
      ("<a></a x>", "1:8: expected '>' at the end of the tag </a>, found 'x'"),
      ("<a>&", "1:4: '&' begins a reference that has no end ';'; a plain '&' is '&amp;'"),
      ("<a>x & y</a>", "1:6: '&' begins a reference that has no end ';'; a plain '&' is '&amp;'"),
      ("<a>&nbsp;</a>", "1:4: the entity '&nbsp;' is not one of lt, gt, amp, apos, quot"),
      ("<a>&;</a>", "1:4: the entity '&;' is not one of lt, gt, amp, apos, quot"),
      ("<a>&#;</a>", "1:4: '&#;' is no character that XML allows"),
      ("<a>&#0;</a>", "1:4: '&#0;' is no character that XML allows"),
      ("<a>&#xD800;</a>", "1:4: '&#xD800;' is no character that XML allows"),
      ("<a>&#x110000;</a>", "1:4: '&#x110000;' is no character that XML allows"),
      ("<a>&#99999999999;</a>", "1:4: '&#99999999999;' is no character that XML allows"),
      ("<a>&#-1;</a>", "1:4: '&#-1;' is no character that XML allows"),
      ("<a>\u{1}</a>", "1:4: U+0001 is not allowed in XML"),
      ("<a>\u{FFFE}</a>", "1:4: U+FFFE and U+FFFF are not allowed in XML"),
      ("<a>]]></a>", "1:4: ']]>' stands outside a CDATA section; write ']]&gt;'"),
      ("<a><![CDATA[x]]", "1:4: the CDATA section that begins here has no end ']]>'"),
      ("<![CDATA[x]]>", "1:1: '<!' begins neither a comment nor a CDATA section inside an element"),
      ("<a><!x></a>", "1:4: '<!' begins neither a comment nor a CDATA section inside an element"),
      ("<a><!-- x", "1:4: the comment that begins here has no end"),
      ("<a><!-- -- --></a>", "1:9: '--' stands inside a comment"),
      ("<a><?p", "1:7: expected a space or '?>', found the end of the text"),
      ("<a><?p x", "1:4: the processing instruction that begins here has no end"),
      (
        " <?xml version='1.0'?><a/>",
        "1:2: an XML declaration stands elsewhere than at the start of the text"
      ),
      ("<?xml encoding='UTF-8'?><a/>", "1:1: the XML declaration must begin with version=\"1.0\""),
      (
        "<?xml version='1.0' encoding='UTF-16'?><a/>",
        "1:1: the encoding 'UTF-16' is not supported: expected UTF-8"
      ),
      (
        "<?xml version='1.0' x='y'?><a/>",
        "1:1: 'x' is no part of an XML declaration at this place"
      ),
      ("<?xml version='1.0'", "1:20: expected a space or '>', found the end of the text"),
      ("<!DOCTYPE a><a/>", "1:1: a document type declaration ('<!DOCTYPE') is refused"),
      (
        "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>",
        "1:1: a document type declaration ('<!DOCTYPE') is refused"
      ),
    ]
    for (text, error) in cases { assertRefused(try XMLElement.read(text), error, text) }
  }

  func testRefusesWhatIsNoUTF8() {
    let places: [(before: String, after: String, place: String)] = [
      ("<a>é", "</a>", "1:5"), ("<a b='", "'/>", "1:7"), ("<a", "/>", "1:3"),
      ("<!--", "--><a/>", "1:5"), ("<a><![CDATA[", "]]></a>", "1:13"),
    ]
    for (before, after, place) in places {
      let bytes = Array(before.utf8) + [0xFF] + Array(after.utf8)
      assertRefused(
        try XMLElement.read(bytes), "\(place): the text is not valid UTF-8", before + "?" + after)
    }
  }

  func testEveryTruncationIsRefused() throws {
    let text = Array("<?xml version=\"1.0\"?><a b='1'>é&amp;<![CDATA[x]]><!-- c --><d/></a>".utf8)
    _ = try XMLElement.read(text)
    for count in 0..<text.count {
      XCTAssertThrowsError(
        try XMLElement.read(Array(text[..<count])), "the first \(count) bytes are accepted")
    }
  }

  func testLimitsHoldOffHostileTexts() throws {
    let deep = { (depth: Int) in
      String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
    }
    XCTAssertNoThrow(try XMLElement.read(deep(128)), "a depth of 128 is within the limit")
    assertRefused(
      try XMLElement.read(deep(129)), "1:385: more than 128 elements stand inside one another",
      "a depth of 129")
    assertRefused(
      try XMLElement.read("<a></a>", limits: ReadingLimits(size: 6)),
      "1:1: the text has 7 bytes; at most 6 are read", "a text over the limit")
    let attributes = (0...256).map { " a\($0)='1'" }.joined()
    assertRefused(
      try XMLElement.read("<a\(attributes)/>"), "1:2198: an element has more than 256 attributes",
      "257 attributes")
  }

  private func leaf(_ text: String) -> XMLElement { XMLElement(name: "a", text: text) }
}

final class XMLWritingTests: XCTestCase {
  func testEscapesWhatAReaderWouldChange() throws {
    let text = "<a> & \"b\"\t\r\n\u{85}\u{2028}é"
    XCTAssertEqual(
      XMLWriter.escapeText(text),
      "&lt;a&gt; &amp; \"b\"\t&#xD;&#xA;&#x85;&#x2028;é")
    XCTAssertEqual(
      XMLWriter.escapeAttribute(text),
      "&lt;a&gt; &amp; &quot;b&quot;&#x9;&#xD;&#xA;&#x85;&#x2028;é")
    let written =
      "<a b=\"\(XMLWriter.escapeAttribute(text))\">\(XMLWriter.escapeText(text))</a>"
    XCTAssertEqual(
      try XMLElement.read(written), XMLElement(name: "a", attributes: ["b": text], text: text),
      "what was written is read back as something else")
  }
}
