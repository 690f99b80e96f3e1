import Document
import FoundationXML

import struct Foundation.Data
import class Foundation.NSObject

/// The tree that Foundation's parser sees; `nil` where it refuses the text, or finds no element.
func foundationTree(of bytes: [UInt8]) -> Tree? {
  let parser = XMLParser(data: Data(bytes))
  let builder = TreeBuilder()
  parser.delegate = builder
  guard parser.parse() else { return nil }
  return builder.open[0].children.first
}

private final class TreeBuilder: NSObject, XMLParserDelegate {
  var open = [Tree(name: "")]

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    let local = name.split(separator: ":").last.map(String.init) ?? name
    open.append(Tree(name: local, attributes: attributes))
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    open[open.count - 1].text += text
  }

  func parser(_ parser: XMLParser, foundCDATA data: Data) {
    open[open.count - 1].text += String(decoding: data, as: UTF8.self)
  }

  func parser(
    _ parser: XMLParser, didEndElement: String, namespaceURI: String?, qualifiedName: String?
  ) {
    var element = open.removeLast()
    if !element.children.isEmpty, element.text.allSatisfy(\.isWhitespace) { element.text = "" }
    open[open.count - 1].children.append(element)
  }
}
