import Document
import TrueupCore

/// What is known of a stack from earlier runs: the revision that was last in force.
public struct LastGoodRevision: Hashable, Sendable {
  public var revision: String
  /// When it came into force, in seconds since 1970.
  public var at: Double

  public init(revision: String, at: Double) {
    self.revision = revision
    self.at = at
  }
}

/// A compilation in which what is wrong with single stacks does not hold up the others.
public struct HoldingCompilation: Sendable {
  public var compilation: Compilation
  /// The stacks that are not compiled at the revision asked for, sorted by name.
  public var heldBack: [HeldBack]
}

extension Compiler {
  /// Compiles the files; a stack with errors is taken as it was at its last good revision, with the
  /// blueprint and the fleet of that time, and the rules of the fleet are checked over what results.
  /// A stack that was never in force is left out. An error of the fleet itself holds back all.
  ///
  /// - Parameters:
  ///   - lastGood: by stack name.
  ///   - filesAt: the desired state at a revision; `nil` where it cannot be read.
  ///   - areFactsAsked: AWS told what it tells: a stack that hangs on a fact which it did not tell (of
  ///     an account that is denied) is held back too.
  public func compile(
    _ files: DesiredFiles, holdingBackTo lastGood: [String: LastGoodRevision],
    filesAt: @escaping (_ revision: String) -> DesiredFiles?, areFactsAsked: Bool = false
  ) -> HoldingCompilation {
    var holding = HoldingBack(
      files: files, lastGood: lastGood, areFactsAsked: areFactsAsked, filesAt: filesAt)
    let first = compile(files)
    var compilation = first
    while compilation.desired == nil, areFactsAsked || !compilation.isUndecided,
      holding.hold(compilation)
    {
      compilation = compile(holding.hybrid())
    }
    guard compilation.desired != nil else {
      // The errors of the files themselves are what has to be mended.
      return HoldingCompilation(
        compilation: compilation.isUndecided ? compilation : first, heldBack: [])
    }
    // What was held back only because of others is free again.
    for stack in holding.held.keys.sorted() where holding.held.count > 1 && !holding.isWhole {
      var released = holding
      released.held[stack] = nil
      let without = compile(released.hybrid())
      if without.desired != nil { (holding, compilation) = (released, without) }
    }
    return HoldingCompilation(compilation: compilation, heldBack: holding.report)
  }
}

/// Which stacks are held back, and the files that result.
private struct HoldingBack {
  let files: DesiredFiles
  let lastGood: [String: LastGoodRevision]
  let areFactsAsked: Bool
  let filesAt: (String) -> DesiredFiles?
  /// Those whose last good revision hangs on a fact that AWS does not tell: they are left out.
  private var forsaken: Set<String> = []
  /// Why, by stack name.
  var held: [String: [String]] = [:]
  /// All are, because of the fleet itself.
  var isWhole = false
  private let stacks: Set<String>
  private let pathByDisplayed: [String: String]
  /// The stacks of each blueprint, by its path.
  private let users: [String: Set<String>]
  private var brokenBlueprints: Set<String> = []

  init(
    files: DesiredFiles, lastGood: [String: LastGoodRevision], areFactsAsked: Bool,
    filesAt: @escaping (String) -> DesiredFiles?
  ) {
    self.files = files
    self.lastGood = lastGood
    self.areFactsAsked = areFactsAsked
    self.filesAt = filesAt
    let paths = files.contents.keys
    stacks = Set(files.stackNames)
    pathByDisplayed = Dictionary(
      paths.map { (files.displayPath($0), $0) }, uniquingKeysWith: { first, _ in first })
    var users: [String: Set<String>] = [:]
    for (path, bytes) in files.contents {
      guard let stack = DesiredFiles.stackName(ofManifest: path),
        let use = BlueprintUse(manifest: bytes), use.revision == nil
      else { continue }
      users[use.path, default: []].insert(stack)
    }
    self.users = users
  }

  /// Holds back what the errors blame. Returns whether anything is held that was not before.
  mutating func hold(_ compilation: Compilation) -> Bool {
    guard !isWhole else { return false }
    let before = (held.count, brokenBlueprints.count, forsaken.count)
    let already = Set(held.keys)
    var isFleetWide = false
    for error in compilation.errors where areFactsAsked || !error.isUndecided {
      guard let concerned = concerned(error) else {
        isFleetWide = true
        continue
      }
      for stack in concerned {
        if !already.contains(stack) {
          held[stack, default: []].append(error.description)
        } else if error.isUndecided {
          forsaken.insert(stack)
        }
      }
    }
    if isFleetWide || before == (held.count, brokenBlueprints.count, forsaken.count) {
      isWhole = true
      let reasons = compilation.errors.map(\.description)
      for stack in stacks where held[stack] == nil { held[stack] = reasons }
    }
    return true
  }

  /// The stacks that an error concerns; `nil` where that is the fleet.
  private mutating func concerned(_ error: Diagnostic) -> Set<String>? {
    let path = error.location.flatMap { pathByDisplayed[$0.file] }
    if let path, path.hasPrefix("blueprints/") {
      brokenBlueprints.insert(path)
      return error.stacks.isEmpty ? users[path] ?? [] : error.stacks
    }
    if !error.stacks.isEmpty { return error.stacks }
    return path.flatMap(DesiredFiles.stackName(ofManifest:)).map { [$0] }
  }

  /// The files with the manifests that are held back at their last good revisions.
  func hybrid() -> DesiredFiles {
    var result = files
    for stack in held.keys {
      let path = DesiredFiles.manifestPath(ofStack: stack)
      result.contents[path] = nil
      guard !forsaken.contains(stack), let good = lastGood[stack], let old = filesAt(good.revision),
        let manifest = old.contents[path], let fleet = old.contents[Fleet.fileName]
      else { continue }
      result.held[path] = HeldManifest(revision: good.revision, manifest: manifest, fleet: fleet)
      result.pinned.merge(old.pinned) { current, _ in current }
      for (path, bytes) in old.contents {
        guard let name = DesiredFiles.blueprintName(of: path) else { continue }
        result.pinned[PinnedBlueprint(name: name, revision: good.revision)] = .success(bytes)
      }
    }
    if isWhole {
      let newest = result.held.keys.compactMap(DesiredFiles.stackName(ofManifest:))
        .compactMap { lastGood[$0] }
        .max { ($0.at, $0.revision) < ($1.at, $1.revision) }
      // The fleet of the newest revision in force, and nothing else of the files that are wrong.
      let fleet = newest.flatMap { filesAt($0.revision) }?.contents[Fleet.fileName]
      result.contents = fleet.map { [Fleet.fileName: $0] } ?? [:]
    }
    for path in brokenBlueprints where users[path, default: []].isSubset(of: held.keys) {
      result.contents[path] = nil
    }
    return result
  }

  var report: [HeldBack] {
    let hybrid = hybrid()
    return held.sorted { $0.key < $1.key }.map { stack, reasons in
      var told: Set<String> = []
      return HeldBack(
        stack: stack, revision: hybrid.held[DesiredFiles.manifestPath(ofStack: stack)]?.revision,
        reason: reasons.filter { told.insert($0).inserted }.joined(separator: "\n"))
    }
  }
}
