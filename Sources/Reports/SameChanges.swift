import Document
import TrueupCore

/// The changes that are the same in many stacks, so that they are told once: one commit moves a whole
/// fleet. Where values differ by nothing but the stack's own names, they count as the same.
struct SameChanges {
  /// Changes that the same stacks have.
  struct Block {
    var names: [String]
    /// As the first of the stacks has them, the worst first.
    var changes: [Change]
    /// All changes of that stack.
    var all: [Change]
    /// Placeholders stand for the stacks' own names in the values.
    var isGeneralised: Bool
    /// The smaller, the worse.
    var badness: Int

    func lines(_ style: TextStyle) -> [String] {
      ChangeText(style: style, all: all, isShared: true).lines(changes)
    }
  }

  private struct Key: Hashable {
    var address: Address
    var id: String?

    init(_ change: Change) {
      address = change.address
      id = change.id
    }
  }

  /// Fewer stacks than these are told one by one.
  static let fewest = 3
  /// Lines that have to be saved where the stacks have other changes besides.
  static let fewestLines = 8

  private(set) var blocks: [Block] = []
  private var told: Set<Key> = []

  /// None.
  init() {}

  /// - Parameter stacks: of the report, in the order in which they are named.
  init(_ report: RunReport, _ stacks: [Plan.Stack], style: TextStyle = .plain) {
    let open = stacks.filter { stack in
      stack.error == nil && report.refusals[stack.id.name] == nil
        && stack.changes.allSatisfy { $0.outcome == nil }
    }.sorted { $0.id < $1.id }
    // What is destroyed is shown to the last resource, each with its id.
    guard open.count >= Self.fewest, !report.destroys else { return }
    var full = TextStyle(isFull: true)
    full.showsContents = style.showsContents
    var left = open
    for generalises in [false, true] {
      var holders: [[String]: [(stack: Int, change: Change)]] = [:]
      for (index, stack) in left.enumerated() {
        let names = generalises ? OwnNames(stack) : nil
        for change in stack.changes {
          // What holds what looks like a placeholder is told as it is.
          if generalises, OwnNames.isMentioned(in: change) { continue }
          let change = names?.generalised(change) ?? change
          let text = ChangeText(style: full, all: open[index].changes, isShared: true)
            .lines([change])
          holders[text, default: []].append((index, change))
        }
      }
      var together: [[Int]: [(change: Change, keys: [Key], lines: Int)]] = [:]
      for (text, found) in holders {
        let indices = found.map(\.stack)
        // Two of one stack that read alike are two changes, and stay where they are.
        guard indices.count >= Self.fewest, Set(indices).count == indices.count else { continue }
        together[indices, default: []].append(
          (found[0].change, found.map { Key($0.change) }, text.count))
      }
      for (indices, same) in together {
        // What takes a line or two out of the middle of a few stacks makes them harder to read.
        let isWhole = indices.allSatisfy { open[$0].changes.count == same.count }
        let saved = (indices.count - 1) * same.reduce(0) { $0 + $1.lines }
        guard isWhole || saved >= Self.fewestLines else { continue }
        let keys = Set(same.flatMap(\.keys))
        told.formUnion(keys)
        for index in indices { left[index].changes.removeAll { keys.contains(Key($0)) } }
        let first = open[indices[0]]
        let sorted = same.map(\.change).sorted(by: Change.worstFirst)
        blocks.append(
          Block(
            names: indices.map { open[$0].id.name }, changes: sorted, all: first.changes,
            isGeneralised: generalises, badness: report.badness(first, sorted)))
      }
    }
    blocks.sort {
      ($0.badness, $0.names[0], $0.changes[0].address)
        < ($1.badness, $1.names[0], $1.changes[0].address)
    }
  }

  /// Whether the change is told in a block.
  func contains(_ change: Change) -> Bool { told.contains(Key(change)) }
}
