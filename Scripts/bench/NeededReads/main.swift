// What AWS needs to be asked for the resources of each type, as the kinds say it, for `Scripts/bench/calls.py`:
// JSON on standard output.

import Document
import Kinds
import TrueupCore

extension NeededRead {
  var document: Document {
    var members: [String: Document] = [
      "service": .string(service), "operation": .string(operation),
      "properties": .list(properties.map(Document.string)),
    ]
    switch extent {
    case .list(let page): members["page"] = page.map(Document.integer) ?? .null
    case .named(let count): members["named"] = .integer(count)
    }
    members["subject"] = subject.map { .list($0.components.map(Document.string)) }
    members["place"] = place.map { .list($0.components.map(Document.string)) }
    return .object(members)
  }
}

let types = Catalog.standard.kinds.map { kind -> Document in
  [
    "type": .string(kind.type), "isSwept": .bool(kind.facts.placement.isSwept),
    "reads": .list((NeededRead.all(of: kind) ?? []).map(\.document)),
  ]
}
print(Document.list(types).json())
