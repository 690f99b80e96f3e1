import TrueupCore

/// What a notice says, piece by piece, whoever dresses it up.
struct NoticeText {
  /// One finding or one stack.
  struct Item {
    var title: String
    /// Lines in fixed width.
    var details: [String] = []
    /// Who did it, and since when.
    var note: String?
  }

  var title: String
  var items: [Item]
  var footer: String?

  /// Lines of one finding that are shown; the others are counted.
  private static let lineLimit = 12

  init(_ notice: Notice) {
    switch notice {
    case .findings(let news, let open): self = Self.findings(news, open: open)
    case .deployments(let news): self = Self.deployments(news)
    case .digest(let digest): self = Self.digest(digest)
    }
  }

  private init(title: String, items: [Item], footer: String?) {
    self.title = title
    self.items = items
    self.footer = footer
  }

  // MARK: Findings

  private static func findings(_ news: [FindingNews], open: Int) -> NoticeText {
    let sorted = news.sorted {
      (rank($0.kind), $0.finding.id) < (rank($1.kind), $1.finding.id)
    }
    let tally = FindingNews.Kind.allCases.compactMap { kind in
      let count = news.count { $0.kind == kind }
      return count > 0 ? "\(count) \(word(kind))" : nil
    }
    let stacks = Set(news.map { stackName($0.finding.id.stack) }).sorted()
    let what =
      news.allSatisfy {
        $0.finding.action == .stalled && $0.finding.id.path.isEmpty
      } ? "Stalled" : "Drift"
    return NoticeText(
      title: "\(what) in \(Wording.some(stacks)): \(tally.joined(separator: ", "))",
      items: sorted.map { item($0) },
      footer: open > 0 ? "\(Wording.count(open, "finding")) open" : "Nothing else is open.")
  }

  private static func item(_ news: FindingNews) -> Item {
    let isOver = news.kind == .resolved || news.kind == .mended
    let path = isOver && !news.finding.id.path.isEmpty ? " \(news.finding.id.path.printable)" : ""
    return Item(
      title: "\(word(news.kind).capitalised): \(name(news.finding))\(path)",
      details: isOver ? [] : details(news.finding),
      note: (isOver ? "Was there since " : "Since ") + note(since: news.since, news.attribution))
  }

  private static func word(_ kind: FindingNews.Kind) -> String {
    switch kind {
    case .opened: "new"
    case .changed: "changed"
    case .attributed: "traced"
    case .resolved: "resolved"
    case .mended: "mended"
    }
  }

  private static func rank(_ kind: FindingNews.Kind) -> Int {
    FindingNews.Kind.allCases.firstIndex(of: kind) ?? 0
  }

  /// `acme-prod/Group (AWS::EC2::SecurityGroup)`.
  private static func name(_ finding: DriftFinding) -> String {
    "\(stackName(finding.id.stack))/\(finding.id.resource) (\(finding.type))".printable
  }

  private static func details(_ finding: DriftFinding) -> [String] {
    guard !finding.id.path.isEmpty else {
      let what = finding.reason ?? whole(finding)
      return [(finding.action == .stalled ? "Stalled: " : "") + what.printable]
    }
    let difference = Difference(
      path: PropertyPath(text: finding.id.path), desired: finding.desired,
      observed: finding.observed, effect: finding.action == .replace ? .replace : .update,
      cause: finding.cause)
    let values = ValueText(stack: stackName(finding.id.stack), limit: TextStyle.plain.valueLimit)
    let lines = DifferenceText(values: values).lines(difference)
    guard lines.count > lineLimit else { return lines }
    return lines.prefix(lineLimit) + ["… and \(lines.count - lineLimit) more"]
  }

  private static func whole(_ finding: DriftFinding) -> String {
    switch finding.action {
    case .create: "It was deleted in AWS."
    case .delete: "It carries our tags, and nothing declares it."
    case .adopt, .blocked, .stalled, .update, .replace: "It is not as it was left."
    }
  }

  private static func note(since: Double, _ attribution: Attribution?) -> String {
    guard let attribution else { return Wording.minute(since) }
    return "\(Wording.minute(since)), by \(attribution.principal): \(attribution.event) at "
      + Wording.minute(attribution.at)
  }

  // MARK: Deployments

  private static func deployments(_ news: [DeploymentNews]) -> NoticeText {
    let states = DeploymentNews.State.allCases.sorted { severity($0) > severity($1) }
    let title = states.compactMap { state -> String? in
      let stacks = news.filter { $0.state == state }.map(\.stack.name).sorted()
      return stacks.isEmpty ? nil : "\(word(state)): \(Wording.some(stacks))"
    }
    let sorted = news.sorted {
      (-severity($0.state), $0.stack) < (-severity($1.state), $1.stack)
    }
    return NoticeText(
      title: "Deployment \(title.joined(separator: "; "))", items: sorted.map(item),
      footer: news.compactMap(\.run).first.map { "trueup history \(Wording.shortRun($0))" })
  }

  private static func item(_ news: DeploymentNews) -> Item {
    let counts = Change.Action.worstFirst.compactMap { action in
      news.changes[action].map { "\($0) \(action.rawValue)" }
    }
    return Item(
      title: "\(news.stack.name) \(word(news.state))",
      details: news.problems.prefix(lineLimit).map(\.printable)
        + (news.problems.count > lineLimit
          ? ["… and \(news.problems.count - lineLimit) more"] : []),
      note: ([news.revision.map { "revision \($0.prefix(12))" } ?? "no revision"]
        + [news.restored.map { "as at \($0.prefix(12))" }].compactMap(\.self) + counts)
        .joined(separator: ", "))
  }

  private static func word(_ state: DeploymentNews.State) -> String {
    switch state {
    case .started: "started"
    case .completed: "completed"
    case .rolledBack: "rolled back"
    case .failed: "failed"
    case .heldBack: "held back"
    }
  }

  private static func severity(_ state: DeploymentNews.State) -> Int {
    [.completed, .started, .rolledBack, .heldBack, .failed].firstIndex(of: state) ?? 0
  }

  // MARK: Digest

  private static func digest(_ digest: DailyDigest) -> NoticeText {
    let stacks = Wording.count(digest.stacks.count, "stack")
    let day = Wording.timestamp(digest.at).prefix(10)
    return NoticeText(
      title: digest.open.isEmpty
        ? "\(day): no drift in \(stacks)"
        : "\(day): \(Wording.count(digest.open.count, "finding")) open in \(stacks)",
      items: digest.open.sorted { ($0.since, $0.finding.id) < ($1.since, $1.finding.id) }.map {
        Item(
          title: name($0.finding), details: details($0.finding),
          note: "Since " + note(since: $0.since, $0.attribution))
      },
      footer: Wording.some(digest.stacks, limit: 20))
  }

  /// `acme-prod` of `cosyworld/acme-prod`.
  static func stackName(_ owner: String) -> String {
    owner.split(separator: "/", maxSplits: 1).last.map(String.init) ?? owner
  }
}

extension String {
  fileprivate var capitalised: String { prefix(1).uppercased() + dropFirst() }
}
