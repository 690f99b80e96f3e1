extension CommandDefinition {
  static let adopt = CommandDefinition(
    name: .adopt, summary: "Adopt what exists already, or take over a stack",
    discussion: """
      With addresses (STACK/RESOURCE, each with the id of what exists behind it, or without one where
      its name tells): writes "adopt" into the manifests, and nothing else; the next apply adopts.
      On a terminal it shows first what adopting would change, and asks; elsewhere, and with --yes, it
      calls nothing. Many at once stand in a file, an address and an id a line (true where the name
      tells); where a line is wrong, nothing is written.

      With stacks alone: applies them like apply, and takes every revision that their resources carry
      for one of ours, so that what another repository made, or a commit that a squash or a rebase has
      replaced, can be replaced and deleted again; each resource gets the revision of this commit. Asks
      for a confirmation on a terminal; elsewhere it needs --yes.
      """,
    positional: .init(
      placeholder: "STACK|ADDRESS [ID]", count: 0...Int.max,
      help: "stacks, or addresses with ids; ADDRESS=ID where an id looks like an address"),
    options: [.desired, .from, .preview, .format] + changing + [
      .allowReplaces, .allowFleetReplaces, .allowOrphans, .logFormat, .metricsFile,
    ],
    example: "trueup adopt acme-prod/Vpc vpc-0123456789abcdef0")
}

extension OptionDefinition {
  static let from = OptionDefinition(
    name: "--from", argument: .text("FILE"),
    help: "adopt what this file lists, an address and an id a line (- for standard input)")
  static let preview = OptionDefinition(
    name: "--preview", argument: .none,
    help: "show what adopting would change, and write nothing")
}
