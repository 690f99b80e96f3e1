import TrueupCore

/// A card per client that has news, and one for all that are in sync.
struct ClientCards {
  var report: RunReport
  /// The stacks that have a part of their own in the page.
  var anchors: Set<String>

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
      <div class="stack">\(name(stack)) <small>\(place)</small>
      \(StackSection.chips(stack, in: report))\(danger(stack))\(causes(stack))</div>

      """
  }

  private func name(_ stack: Plan.Stack) -> Markup {
    let name = stack.id.name
    return anchors.contains(name) ? "<a href=\"#\(name)\">\(name)</a>" : "\(name)"
  }

  /// What is at stake: security first, then what is lost.
  private func danger(_ stack: Plan.Stack) -> Markup {
    let changes = stack.changes.filter { $0.outcome?.result != .succeeded }
      .sorted(by: Change.worstFirst)
    let groups: [(title: String, changes: [Change])] = [
      ("security", changes.filter(\.isSecurityFinding)),
      ("deletes", changes.filter { $0.action == .delete }),
      ("replaces", changes.filter { $0.action == .replace }),
      ("gone", changes.filter(\.isGone)),
    ]
    let text = groups.filter { !$0.changes.isEmpty }.map {
      "\($0.title): \(Wording.some($0.changes.map(\.address.resource)))"
    }.joined(separator: "; ")
    return text.isEmpty ? "" : "<p class=\"observed\">\(text)</p>\n"
  }

  /// `2 drift, 1 pending`.
  private func causes(_ stack: Plan.Stack) -> Markup {
    let all: [Cause] = [.conflict, .drift, .unknown, .orphan, .removed, .pending, .new]
    let text = all.compactMap { cause -> String? in
      let count = stack.changes.count { $0.cause == cause }
      return count > 0 ? "\(count) \(cause.rawValue)" : nil
    }.joined(separator: ", ")
    return text.isEmpty ? "" : "<p class=\"soft\">\(text)</p>\n"
  }

  private func inSync(_ clients: [(client: String, stacks: [Plan.Stack])]) -> Markup {
    let stacks = clients.flatMap(\.stacks)
    let names = stacks.map { stack -> Markup in
      "<li class=\"chip\">\(stack.id.name)</li>"
    }
    let open = stacks.flatMap(\.notChecked)
    let notChecked: Markup =
      open.isEmpty ? "" : "\n<p class=\"soft\">\(NotChecked.text(open, limit: 3))</p>"
    let resources = Wording.count(stacks.reduce(0) { $0 + $1.inSync }, "resource")
    return """
      <div class="card quiet"><h3>In sync</h3>
      <p class="soft">\(Wording.count(stacks.count, "stack")), \(resources)</p>
      <ul class="chips">\(names)</ul>\(notChecked)</div>

      """
  }
}
