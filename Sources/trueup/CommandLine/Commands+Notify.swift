extension OptionDefinition {
  static let notify = OptionDefinition(
    name: "--notify", argument: .none,
    help: "tell those whom fleet.jsonc names what opened, changed or was resolved")
}
