import Document
import TrueupCore

/// `fleet.jsonc`: what all stacks share.
struct Fleet {
  static let fileName = "fleet.jsonc"

  var project: String
  /// The name that the project had.
  var formerProject: String?
  var accounts: [FleetAccount]
  /// The names of all accounts, also of those that could not be read.
  var accountNames: [String]
  /// The account of manifests that name none.
  var defaultAccount: String?
  /// The region of manifests and accounts that name none.
  var region: String?
  var tags: [DeclaredTag]
  var budget: Budget
  var windows: [ChangeWindow]
  var checks: [PolicyCheck]
  var notifications: NotificationSettings?
  /// The clients that destinations of notifications name.
  var notifiedClients: [Located<String>]
  var pools: [AddressPool]

  init?(_ node: Node, file: String, log: DiagnosticLog) {
    guard
      let reader = ObjectReader(
        node, in: file, as: "the fleet", allowed: ObjectSchema.fleet.names, log: log)
    else { return nil }
    region = reader.region()?.value
    tags = DeclaredTag.read(reader.object("tags"), reader)
    budget = Self.budget(reader)
    windows = ChangeWindow.read(reader) ?? []
    checks = PolicyCheck.read(reader)
    (notifications, notifiedClients) = NotificationSettings.read(reader)
    pools = AddressPool.read(reader)
    accounts = Self.accounts(reader)
    accountNames = reader["accounts"]?.members?.map(\.key) ?? []
    defaultAccount = accountNames.count == 1 ? accountNames[0] : nil
    if let account = reader.string("account") {
      defaultAccount = account.value
      if !accountNames.contains(account.value) {
        log.error(Self.unknownAccount(account.value, among: accountNames), at: account.location)
      }
    }
    guard let project = reader.string("project", required: true) else { return nil }
    guard Name.isValid(project.value) else {
      log.error(Name.problem("project", project.value), at: project.location)
      return nil
    }
    self.project = project.value
    formerProject = Self.formerProject(reader, project.value)
  }

  private static func formerProject(_ reader: ObjectReader, _ project: String) -> String? {
    guard let was = reader.string("was") else { return nil }
    guard Name.isValid(was.value) else {
      reader.log.error(Name.problem("\"was\"", was.value), at: was.location)
      return nil
    }
    guard was.value != project else {
      reader.log.error(
        "\"was\" must be another name than \"project\" has; it is the one that the project had",
        at: was.location)
      return nil
    }
    return was.value
  }

  static func unknownAccount(_ name: String, among names: [String]) -> String {
    "\(fileName) has no account \(name.quoted)" + Spelling.suggestion(for: name, among: names)
  }

  private static func accounts(_ reader: ObjectReader) -> [FleetAccount] {
    if reader["accounts"] == nil {
      reader.error(
        "the fleet needs \"accounts\": { \"main\": { \"id\": \"123456789012\" } }",
        at: reader.position)
    }
    return reader.object("accounts").compactMap { member in
      guard
        let account = ObjectReader(
          member.value, in: reader.file, as: "account \(member.key.quoted)",
          allowed: ObjectSchema.account.names, log: reader.log),
        let id = account.string("id", required: true)
      else { return nil }
      guard FleetAccount.isID(id.value) else {
        reader.log.error(
          "\"id\" of account \(member.key.quoted) must be twelve digits, not \(id.value.quoted)",
          at: id.location)
        return nil
      }
      return FleetAccount(
        name: member.key, id: id.value, region: account.region()?.value,
        role: account.string("role")?.value, externalID: account.string("externalId")?.value)
    }
  }

  private static func budget(_ reader: ObjectReader) -> Budget {
    var budget = Budget()
    guard let node = reader["limits"],
      let limits = ObjectReader(
        node, in: reader.file, as: "\"limits\"", allowed: ObjectSchema.limits.names,
        log: reader.log)
    else { return budget }
    budget.deletes = limits.count("deletes") ?? budget.deletes
    budget.replaces = limits.count("replaces") ?? budget.replaces
    budget.fleetDeletes = limits.count("fleetDeletes")
    budget.fleetReplaces = limits.count("fleetReplaces")
    return budget
  }
}

/// The rule for names that become part of tags and of resources' names.
enum Name {
  static func isValid(_ name: String) -> Bool {
    name.count <= 64 && name.first?.isLetter == true && name.last != "-"
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
  }

  static func problem(_ what: String, _ name: String) -> String {
    "\(what) \(name.quoted) must begin with a letter and have only letters, digits and hyphens, at "
      + "most 64"
  }
}
