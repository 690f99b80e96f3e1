import DesiredState
import Engine

extension CommandRunner {
  /// Says beforehand that a commit which is not on the default branch may be replaced by another one:
  /// what it has changed carries its revision, which then nobody knows.
  func noteUnmerged(
    _ state: LoadedState, selected: Set<String>?, invocation: Invocation
  ) throws {
    // A work tree with changes leaves no revision behind.
    guard let revision = state.revision, !state.isDirty,
      let repository = try GitRepository.containing(invocation.directory),
      let branch = try repository.defaultBranch(lacking: revision)
    else { return }
    let names = selected?.sorted() ?? []
    let stacks = (1...3).contains(names.count) ? names.joined(separator: " ") : "STACK"
    note(
      "commit \(revision.prefix(12)) is not on \(branch): if a squash merge or a rebase replaces it "
        + "there, what this run changes needs trueup adopt \(stacks) afterwards", invocation)
  }
}
