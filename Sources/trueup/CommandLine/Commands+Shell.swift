import DesiredState

extension CommandDefinition {
  static let schema = CommandDefinition(
    name: .schema, summary: "Print the JSON Schemas of the files, for editors",
    discussion: """
      Of fleet.jsonc, of manifests (with the parameters of each blueprint) or of blueprints (with the
      resource types that are supported), or of the JSON that trueup plan prints. --write puts those of
      the files into the .schemas folder of the desired state; files name them by "$schema". Needs no
      credentials.
      """,
    positional: .init(
      placeholder: (FileSchema.allCases.map(\.rawValue) + ["plan"]).joined(separator: "|"),
      count: 0...1, help: "the kind of file, or the plan's JSON; all files with --write"),
    options: [.desired, .ofBlueprint, .writeSchemas],
    example: "trueup schema manifest --blueprint base")

  static let explain = CommandDefinition(
    name: .explain, summary: "Explain a resource type or one of its properties",
    discussion: """
      What a property takes and refers to, what changing it does, what Ref and Fn::GetAtt give, and
      what is not supported, each with its reason. Lists the types where none is named.
      """,
    positional: .init(
      placeholder: "TYPE[.PROPERTY...]", count: 0...1,
      help: "a resource type, and properties below it, with dots"),
    options: [.format], example: "trueup explain AWS::EC2::Subnet.CidrBlock")

  static let completion = CommandDefinition(
    name: .completion, summary: "Print the completions of a shell",
    discussion: """
      bash: trueup completion bash > ~/.local/share/bash-completion/completions/trueup
      zsh:  trueup completion zsh > ~/.zfunc/_trueup   (with ~/.zfunc in fpath)
      fish: trueup completion fish > ~/.config/fish/completions/trueup.fish
      """,
    positional: .init(
      placeholder: Shell.allCases.map(\.rawValue).joined(separator: "|"), count: 1...1,
      help: "the shell"),
    options: [], example: "trueup completion bash")
}

extension OptionDefinition {
  fileprivate static let ofBlueprint = OptionDefinition(
    name: "--blueprint", argument: .text("NAME"), help: "only the parameters of this blueprint")
  fileprivate static let writeSchemas = OptionDefinition(
    name: "--write", argument: .none, help: "write all schemas into the desired state")
}
