import TrueupCore

/// Changes that are the same in many stacks, told once.
struct SharedSection {
  var block: SameChanges.Block
  /// When the report was made, in seconds since 1970.
  var time: Double

  var markup: Markup {
    let changes = block.changes.map { change -> Markup in
      var change = change
      // Each stack has its own.
      change.id = nil
      return ChangeSection(change: change, time: time).markup
    }
    let names = block.names.map { name -> Markup in "<li class=\"chip\">\(name)</li>" }
    let text = changes.map(\.text)
    let remark: Markup =
      (block.isGeneralised ? OwnNames.remark(on: text) : nil)
      .map { "<p class=\"note soft\">\($0)</p>\n" } ?? ""
    return """
      <details class="stack-part" open="open">
      <summary><h3>Same in \(Wording.count(block.names.count, "stack"))</h3>
      <ul class="chips">\(names)</ul></summary>
      \(changes)\(remark)</details>

      """
  }
}
