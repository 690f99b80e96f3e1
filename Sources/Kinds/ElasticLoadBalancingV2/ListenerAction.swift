import Document
import TrueupCore

/// What a listener or a rule does with a request.
enum ListenerAction {
  /// The members of which AWS fills in what is not said, by what holds them.
  /// Source: Elastic Load Balancing API, RedirectActionConfig, AuthenticateOidcActionConfig,
  /// AuthenticateCognitoActionConfig.
  private static let standards: [String: Document] = [
    "RedirectConfig": [
      "Protocol": "#{protocol}", "Port": "#{port}", "Host": "#{host}", "Path": "/#{path}",
      "Query": "#{query}",
    ],
    "AuthenticateOidcConfig": authentication, "AuthenticateCognitoConfig": authentication,
  ]
  private static let authentication: Document = [
    "OnUnauthenticatedRequest": "authenticate", "Scope": "openid",
    "SessionCookieName": "AWSELBAuthSessionCookie", "SessionTimeout": 604800,
    "AuthenticationRequestExtraParams": .object([:]),
  ]

  /// The actions in the order in which they are carried out, each in one form.
  static func normal(_ actions: Document) -> Document {
    guard let list = actions.list else { return actions }
    let ordered = list.enumerated().sorted {
      ($0.element["Order"]?.integer ?? 0, $0.offset) < (
        $1.element["Order"]?.integer ?? 0, $1.offset
      )
    }
    return .list(ordered.map { normal(action: $0.element) })
  }

  private static func normal(action: Document) -> Document {
    guard action.object != nil else { return action }
    var action = action["Type"] == "forward" ? forward(action) : action
    for (config, standard) in standards {
      guard let declared = action[config], declared.object != nil else { continue }
      let timeout = declared["SessionTimeout"].map(number)
      action = action.setting(
        config, standard.merging(declared).merging(.members(["SessionTimeout": timeout])))
    }
    return action
  }

  /// `TargetGroupArn` and a `ForwardConfig` of one group are two spellings, and AWS shows both. Where several
  /// groups are named, each has the weight 1 unless it says another.
  private static func forward(_ action: Document) -> Document {
    let config = action["ForwardConfig"]
    guard config == nil || config?.object != nil else { return action }
    let groups =
      config?["TargetGroups"]?.list ?? action["TargetGroupArn"].map { [["TargetGroupArn": $0]] }
    guard let groups else { return action }
    var stickiness: Document = ["Enabled": false]
    if config?["TargetGroupStickinessConfig"]?["Enabled"] == true {
      stickiness = config?["TargetGroupStickinessConfig"] ?? stickiness
    }
    return action.setting("TargetGroupArn", nil).setting(
      "ForwardConfig",
      [
        "TargetGroups": .list(
          groups.map { group in
            group.object == nil || group["Weight"] != nil ? group : group.setting("Weight", 1)
          }),
        "TargetGroupStickinessConfig": stickiness,
      ])
  }

  /// Listeners have it as text, rules as a number.
  private static func number(_ timeout: Document) -> Document {
    timeout.string.flatMap { Int($0) }.map { .integer($0) } ?? timeout
  }

  /// The members of input for what is declared. The secret goes along each time: without it AWS would want to
  /// be told that it stays.
  static func written(_ actions: Document?) -> Document? {
    actions?.list.map { list in
      .list(
        list.map { action in
          ["AuthenticateOidcConfig", "AuthenticateCognitoConfig"].reduce(action) { action, config in
            guard let declared = action[config], let timeout = declared["SessionTimeout"] else {
              return action
            }
            return action.setting(config, declared.setting("SessionTimeout", number(timeout)))
          }
        })
    }
  }

  // MARK: Facts

  /// What is known of the actions in a property: `DefaultActions`.
  static func facts(_ property: String) -> [PropertyPath: PropertyFacts] {
    let action = PropertyPath([property, "*"])
    func path(_ names: String...) -> PropertyPath {
      names.reduce(action) { $0.appending($1) }
    }
    let group = PropertyFacts.refers(to: "AWS::ElasticLoadBalancingV2::TargetGroup")
    return [
      path("TargetGroupArn"): group,
      path("ForwardConfig", "TargetGroups"): .keyed("TargetGroupArn"),
      path("ForwardConfig", "TargetGroups", "*", "TargetGroupArn"): group,
      path("JwtValidationConfig", "AdditionalClaims"): .keyed("Name"),
      path("JwtValidationConfig", "AdditionalClaims", "*", "Values"): .set,
      path("RedirectConfig", "Port"): .normal(.scalarText),
      path("FixedResponseConfig", "StatusCode"): .normal(.scalarText),
      path("AuthenticateOidcConfig", "ClientSecret"): .notReadable(
        "AWS never shows a client's secret"),
      path("AuthenticateOidcConfig", "UseExistingClientSecret"): .notReadable(
        "it goes along with a change, and is not kept"),
    ]
  }
}
