extension CommandDefinition {
  static let compile = CommandDefinition(
    name: .compile, summary: "Print a stack as a template with everything resolved",
    discussion: """
      Parameters, conditions, mappings, loops and functions are gone as far as they can be without asking
      AWS; what only AWS tells stays as Ref, Fn::GetAtt, Fn::GetAZs or {{resolve:…}}, a secret as the Ref
      of its parameter. For tools that read CloudFormation templates, such as cfn-guard. Calls nothing.
      """,
    positional: .init(
      placeholder: "STACK", count: 1...1, help: "a stack's name, client-environment"),
    options: [.desired, .revision], example: "trueup compile acme-prod")
}
