import Document

/// What stacks give to others: `trueup outputs`. Secrets and values that are not known yet come as
/// `Value.redacted` writes them.
public enum OutputsText {
  /// A heading per stack and a line per output, sorted; ends in a line break.
  public static func render(
    _ outputs: [String: [String: Document]], style: TextStyle = .plain
  ) -> String {
    let stacks = outputs.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
    guard !stacks.isEmpty else { return "No stack has outputs.\n" }
    return stacks.flatMap { stack, values in
      // Outputs are for copying: they are never shortened.
      let text = ValueText(stack: stack, limit: .max)
      let rows = values.sorted { $0.key < $1.key }.map { name, value in
        ["  \(name)", value.string?.printable ?? text.full(value)]
      }
      return [style.paint(stack, .bold)] + aligned(rows)
    }.map { $0 + "\n" }.joined()
  }

  /// The same for programs.
  public static func json(_ outputs: [String: [String: Document]]) -> Document {
    ["formatVersion": 1, "stacks": .object(outputs.mapValues(Document.object))]
  }
}
