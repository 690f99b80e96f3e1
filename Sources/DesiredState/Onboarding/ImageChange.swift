import TrueupCore

/// Plans what `trueup deploy --image` writes into the manifests of clients. Pure.
public struct ImageChange: Sendable {
  /// The parameter that names the image.
  public static let parameter = "Image"

  /// The clients, or single stacks by their names.
  public var names: [String]
  /// Only stacks of these environments; empty for all.
  public var environments: Set<String>
  /// A tag, a digest or a whole image.
  public var image: String

  public init(names: [String], environments: Set<String> = [], image: String) {
    self.names = names
    self.environments = environments
    self.image = image
  }

  /// An edited manifest.
  public struct Proposal: Hashable, Sendable {
    public var stack: StackID
    /// Its path within the desired state, `clients/acme-prod.jsonc`.
    public var path: String
    public var text: String
    /// The whole image.
    public var image: String
    /// `false` where the manifest says so already.
    public var isChanged: Bool
  }

  /// Why nothing is written.
  public enum Refusal: Error, Hashable, Sendable {
    case unknown(String, nearest: String?)
    /// No stack of what is named takes an image.
    case noImage(String)
    /// The manifest could not be edited; the path is as errors show it.
    case edit(path: String, EditRefusal, ParameterEdit)
    /// The desired state, as it is or with the image, is in error.
    case invalid([Diagnostic])
  }

  /// The manifests, compiled with everything else in the desired state before they are given.
  public func proposals(
    for files: DesiredFiles, compiler: Compiler
  ) throws(Refusal) -> [Proposal] {
    let fleet = compiler.fleet(files)
    let before = fleet.compile()
    let stacks = fleet.stacks.sorted { $0.id < $1.id }
    guard !stacks.isEmpty else { throw .invalid(before.errors) }
    var edited = files
    var proposals: [Proposal] = []
    for name in names {
      let named = stacks.filter { $0.id.client == name || $0.id.name == name }
      guard !named.isEmpty else {
        let known = Set(stacks.flatMap { [$0.id.client, $0.id.name] })
        throw .unknown(name, nearest: Spelling.nearest(to: name, among: known.sorted()))
      }
      let taking = named.filter { stack in
        (environments.isEmpty || environments.contains(stack.id.environment))
          && stack.blueprint.parameters.contains { $0.name == Self.parameter }
      }
      guard !taking.isEmpty else { throw .noImage(name) }
      for stack in taking where !proposals.contains(where: { $0.stack == stack.id }) {
        let proposal = try proposal(for: stack, files)
        edited.contents[proposal.path] = Array(proposal.text.utf8)
        proposals.append(proposal)
      }
    }
    let errors = compiler.compile(edited).errors.filter { !$0.isUndecided }
    guard errors.isEmpty else { throw .invalid(errors) }
    return proposals
  }

  private func proposal(
    for stack: StackCompiler, _ files: DesiredFiles
  ) throws(Refusal) -> Proposal {
    let path = DesiredFiles.manifestPath(ofStack: stack.id.name)
    let text = String(decoding: files.contents[path] ?? [], as: UTF8.self)
    let declared = (try? EditRefusal.read(text))?["parameters"]?[Self.parameter]?.string
    let byDefault = stack.blueprint.parameters.first { $0.name == Self.parameter }?
      .defaultValue?.value.string
    let edit = ParameterEdit(
      parameter: Self.parameter,
      value: ImageReference.named(image, instead: declared ?? byDefault))
    do throws(EditRefusal) {
      let written = try edit.written(into: text)
      return Proposal(
        stack: stack.id, path: path, text: written, image: edit.value, isChanged: written != text)
    } catch {
      throw .edit(path: files.displayPath(path), error, edit)
    }
  }
}
