import TrueupCore

/// A card per client that has news, and one for all that are in sync.
struct ClientCards {
  var report: RunReport

  func markup(_ clients: [(client: String, stacks: [Plan.Stack])]) -> Markup {
    let news = clients.filter { $0.stacks.contains(where: report.isNews) }
    let quiet = clients.filter { !$0.stacks.contains(where: report.isNews) }
    let cards = news.map(card) + (quiet.isEmpty ? [] : [inSync(quiet)])
    guard !cards.isEmpty else { return "" }
    return "<section>\n<h2>Clients</h2>\n<div class=\"cards\">\n\(cards)</div>\n</section>\n"
  }

  private func card(_ client: String, _ stacks: [Plan.Stack]) -> Markup {
    """
    <div class="card"><h3>\(client)</h3>
    \(stacks.map(line))</div>

    """
  }

  private func line(_ stack: Plan.Stack) -> Markup {
    let place = "\(stack.account) \(stack.region)"
    return """
      <div class="stack"><a href="#\(stack.id.name)">\(stack.id.name)</a> <small>\(place)</small>
      \(StackSection.chips(stack, in: report))</div>

      """
  }

  private func inSync(_ clients: [(client: String, stacks: [Plan.Stack])]) -> Markup {
    let stacks = clients.flatMap(\.stacks)
    let names = stacks.map { stack -> Markup in
      "<li class=\"chip\"><a href=\"#\(stack.id.name)\">\(stack.id.name)</a></li>"
    }
    let resources = Wording.count(stacks.reduce(0) { $0 + $1.inSync }, "resource")
    return """
      <div class="card"><h3>In sync</h3>
      <p class="soft">\(Wording.count(stacks.count, "stack")), \(resources)</p>
      <ul class="chips">\(names)</ul></div>

      """
  }
}
