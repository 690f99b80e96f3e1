import Document
import Foundation
import TrueupCore

/// Stacks that were compiled already, by the files of which they were made: mostly a stack is the same at
/// several revisions. What takes values from other stacks depends on more, and is not kept.
final class CompiledStacks: @unchecked Sendable {
  /// The files of a stack, each by a number that files of equal contents share.
  struct Sources: Hashable {
    var fleet: Int
    var manifest: Int
    var blueprint: Int
    var blueprintName: String
  }

  private let parsed: ParsedFiles
  // Unchecked: both are touched under `lock` alone.
  private var numbers: [[UInt8]: Int] = [:]
  private var stacks: [Sources: DesiredStack] = [:]
  private let lock = NSLock()

  init(parsed: ParsedFiles) { self.parsed = parsed }

  subscript(_ sources: Sources) -> DesiredStack? {
    get { lock.withLock { stacks[sources] } }
    set { lock.withLock { stacks[sources] = newValue } }
  }

  /// The sources of stacks, by name; without those that cannot be told apart by their files alone.
  func sources(of names: Set<String>, in files: DesiredFiles) -> [String: Sources] {
    guard files.held.isEmpty, let fleet = files.contents[Fleet.fileName] else { return [:] }
    let fleetNumber = number(of: fleet)
    // Many stacks have one blueprint, which is long.
    var blueprints: [BlueprintUse: Int?] = [:]
    var found: [String: Sources] = [:]
    for name in names {
      guard let manifest = files.contents[DesiredFiles.manifestPath(ofStack: name)],
        case .success(let node) = parsed.node(manifest), let use = BlueprintUse(node["blueprint"])
      else { continue }
      let known = blueprints[use] ?? blueprint(use, in: files)
      blueprints[use] = .some(known)
      found[name] = known.map {
        Sources(
          fleet: fleetNumber, manifest: number(of: manifest), blueprint: $0, blueprintName: use.name
        )
      }
    }
    return found
  }

  private func blueprint(_ use: BlueprintUse, in files: DesiredFiles) -> Int? {
    let bytes = files.bytes(of: use)
    guard let bytes, case .success(let node) = parsed.node(bytes), !node.mentions(Node.imports)
    else { return nil }
    return number(of: bytes)
  }

  private func number(of bytes: [UInt8]) -> Int {
    lock.withLock {
      if let known = numbers[bytes] { return known }
      numbers[bytes] = numbers.count
      return numbers.count - 1
    }
  }
}
