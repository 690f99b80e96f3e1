import Document
import TrueupCore

/// What `trueup diff` tells.
extension SnapshotDiff {
  /// For people: a heading per stack that differs, a line per resource, the values below it.
  public func text(style: TextStyle = .plain) -> String {
    let same =
      "\(Wording.count(sameStacks, "stack")), \(Wording.count(sameResources, "resource"))"
    guard !isSame else { return "The same: \(same)\n" }
    var lines: [String] = []
    for stack in stacks {
      let note = stack.change == .changed ? "" : "  \(stack.change.rawValue)"
      lines.append(style.paint(stack.name, .bold) + note)
      let heads = aligned(
        stack.resources.map { ["  \(Self.sign($0.change)) \($0.name.printable)", $0.type, $0.id] })
      for (head, resource) in zip(heads, stack.resources) {
        lines.append(Self.painted(head, change: resource.change, style: style))
        lines += rows(resource.differences, stack: stack.name, style: style)
      }
      lines += rows(stack.facts, stack: stack.name, style: style, isFact: true)
    }
    let all = stacks.flatMap(\.resources)
    let counts = [Change.changed, .added, .removed].map { change in
      "\(all.count { $0.change == change }) \(change.rawValue)"
    }
    lines += [
      "",
      "\(Wording.count(stacks.count, "stack differs", plural: "stacks differ")): "
        + "\(counts.joined(separator: ", ")).   The same: \(same)",
    ]
    return lines.map { $0 + "\n" }.joined()
  }

  private func rows(
    _ differences: [Difference], stack: String, style: TextStyle, isFact: Bool = false
  ) -> [String] {
    let values = ValueText(stack: stack, limit: style.valueLimit)
    let margin = isFact ? "  " : "      "
    return differences.flatMap { difference -> [String] in
      let name = isFact ? difference.path.components[0] : difference.path.description
      guard let old = difference.old?.list, let new = difference.new?.list else {
        func text(_ value: Document?) -> String {
          value == nil ? "(not recorded)" : values.short(value)
        }
        return ["\(margin)\(name)  \(text(difference.old)) → \(text(difference.new))"]
      }
      let gone = old.filter { !new.contains($0) }
      let come = new.filter { !old.contains($0) }
      if gone.isEmpty, come.isEmpty { return ["\(margin)\(name)  in another order"] }
      return ["\(margin)\(name)"]
        + gone.map { "\(margin)  - \(values.element($0, of: difference.path))" }
        + come.map { "\(margin)  + \(values.element($0, of: difference.path))" }
    }
  }

  private static func sign(_ change: Change) -> String {
    switch change {
    case .added: "+"
    case .removed: "-"
    case .changed: "~"
    }
  }

  private static func painted(_ line: String, change: Change, style: TextStyle) -> String {
    switch change {
    case .added: style.paint(line, .green)
    case .removed: style.paint(line, .red)
    case .changed: line
    }
  }

  /// For programs. `old` and `new` are null both where AWS shows a value as not set and where it was
  /// not recorded; `recorded` tells the sides that have it.
  public var json: Document {
    [
      "formatVersion": 1, "same": .bool(isSame),
      "stacks": .list(
        stacks.map { stack in
          [
            "stack": .string(stack.name), "change": .string(stack.change.rawValue),
            "resources": .list(
              stack.resources.map { resource in
                [
                  "resource": .string(resource.name), "type": .string(resource.type),
                  "id": .string(resource.id), "change": .string(resource.change.rawValue),
                  "differences": .list(
                    resource.differences.map { Self.json($0, $0.path.description) }),
                ]
              }),
            "facts": .list(stack.facts.map { Self.json($0, $0.path.components[0]) }),
          ]
        }),
      "summary": [
        "stacks": .integer(stacks.count), "sameStacks": .integer(sameStacks),
        "sameResources": .integer(sameResources),
      ],
    ]
  }

  private static func json(_ difference: Difference, _ path: String) -> Document {
    let sides = [("old", difference.old), ("new", difference.new)]
    return [
      "path": .string(path), "old": difference.old ?? .null, "new": difference.new ?? .null,
      "recorded": .list(sides.filter { $0.1 != nil }.map { .string($0.0) }),
    ]
  }
}
