import Document
import TrueupCore

/// Plans what `trueup adopt` writes into the manifests: which resources take over what exists. Pure.
public struct Adoption: Sendable {
  /// A resource, and the id in AWS of what it takes over; without one its name tells.
  public struct Pair: Hashable, Sendable {
    public var address: Address
    public var id: String?

    public init(address: Address, id: String? = nil) {
      self.address = address
      self.id = id
    }
  }

  public var pairs: [Pair]

  public init(pairs: [Pair]) { self.pairs = pairs }

  /// An edited manifest.
  public struct Proposal: Hashable, Sendable {
    public var stack: StackID
    /// Its path within the desired state, `clients/acme-prod.jsonc`.
    public var path: String
    public var text: String
    /// `false` where the manifest says so already.
    public var isChanged: Bool
    /// What the manifest says now of each resource that was asked for.
    public var entries: [AdoptionEdit.Entry]
    /// The type of each resource, by logical id.
    public var types: [String: String]
  }

  /// Why nothing is written.
  public enum Refusal: Error, Hashable, Sendable {
    case unknownStack(String, nearest: String?)
    case unknownResource(Address, blueprint: String, nearest: String?)
    /// Its condition is false in this stack.
    case notCreated(Address, condition: String)
    /// Two ids were given for one resource.
    case twice(Address)
    case invalidID(Address, problem: String)
    /// Another resource of the same type adopts the same.
    case taken(Address, id: String, by: Address)
    /// The manifest could not be edited; the path is as errors show it.
    case edit(path: String, EditRefusal, AdoptionEdit)
    /// The desired state, as it is or with the adoption, is in error.
    case invalid([Diagnostic])
  }

  /// The manifests, compiled with everything else in the desired state before they are given.
  public func proposals(
    for files: DesiredFiles, compiler: Compiler
  ) throws(Refusal) -> [Proposal] {
    let fleet = compiler.fleet(files)
    let before = fleet.compile()
    var edited = files
    var proposals: [Proposal] = []
    for name in Set(pairs.map(\.address.stack)).sorted() {
      let path = DesiredFiles.manifestPath(ofStack: name)
      guard let bytes = files.contents[path] else { throw Self.unknown(stack: name, files) }
      guard let stack = fleet.stacks.first(where: { $0.id.name == name }) else {
        throw .invalid(before.errors)
      }
      let edit = AdoptionEdit(entries: try entries(of: stack))
      let text = String(decoding: bytes, as: UTF8.self)
      let written: String
      do throws(EditRefusal) {
        written = try edit.written(into: text)
      } catch {
        throw .edit(path: files.displayPath(path), error, edit)
      }
      edited.contents[path] = Array(written.utf8)
      proposals.append(
        Proposal(
          stack: stack.id, path: path, text: written, isChanged: written != text,
          entries: edit.entries.map { Self.inForce($0, in: written) },
          types: stack.resources.mapValues(\.type)))
    }
    let errors = compiler.compile(edited).errors.filter { !$0.isUndecided }
    guard errors.isEmpty else { throw .invalid(errors) }
    return proposals
  }

  /// What is adopted by an id stays so where none was given.
  private static func inForce(
    _ entry: AdoptionEdit.Entry, in text: String
  ) -> AdoptionEdit.Entry {
    let adopt = (try? EditRefusal.read(text))?["adopt"]
    return AdoptionEdit.Entry(resource: entry.resource, id: adopt?[entry.resource]?.string)
  }

  private static func unknown(stack name: String, _ files: DesiredFiles) -> Refusal {
    .unknownStack(name, nearest: Spelling.nearest(to: name, among: files.stackNames))
  }

  /// What is wrong with each of the pairs, by its index.
  func refusals(
    for files: DesiredFiles, compiler: Compiler
  ) -> [(index: Int, refusal: Refusal)] {
    let fleet = compiler.fleet(files)
    _ = fleet.compile()
    var found: [(index: Int, refusal: Refusal)] = []
    var holders: [[String]: Address] = [:]
    for (index, pair) in pairs.enumerated() {
      guard files.contents[DesiredFiles.manifestPath(ofStack: pair.address.stack)] != nil else {
        found.append((index, Self.unknown(stack: pair.address.stack, files)))
        continue
      }
      // A stack that could not be read is an error of the desired state, told as one.
      guard let stack = fleet.stacks.first(where: { $0.id.name == pair.address.stack }) else {
        continue
      }
      do throws(Refusal) {
        let resource = try Self.check(pair, in: stack)
        guard let id = pair.id else { continue }
        let key = [stack.account.id, stack.region, resource.type, id]
        if let holder = holders[key] { throw .taken(pair.address, id: id, by: holder) }
        holders[key] = pair.address
      } catch {
        found.append((index, error))
      }
    }
    return found
  }

  @discardableResult
  private static func check(
    _ pair: Pair, in stack: StackCompiler
  ) throws(Refusal) -> StackCompiler.ResourceTemplate {
    let name = pair.address.resource
    guard let resource = stack.resources[name] else {
      throw .unknownResource(
        pair.address, blueprint: stack.blueprint.name,
        nearest: Spelling.nearest(to: name, among: stack.resources.keys))
    }
    if let condition = resource.condition, !stack.isCreated(resource) {
      throw .notCreated(pair.address, condition: condition)
    }
    if let problem = pair.id.flatMap(DeclaredAdoption.problem) {
      throw .invalidID(pair.address, problem: problem)
    }
    return resource
  }

  private func entries(of stack: StackCompiler) throws(Refusal) -> [AdoptionEdit.Entry] {
    var entries: [AdoptionEdit.Entry] = []
    for pair in pairs where pair.address.stack == stack.id.name {
      try Self.check(pair, in: stack)
      let name = pair.address.resource
      let entry = AdoptionEdit.Entry(resource: name, id: pair.id)
      if let other = entries.first(where: { $0.resource == name }) {
        guard other == entry else { throw .twice(pair.address) }
        continue
      }
      entries.append(entry)
    }
    return entries
  }
}
