import Document

/// The health check that a target group has where nobody says anything of it.
/// Source: Elastic Load Balancing API, CreateTargetGroup; user guides for Application, Network and Gateway
/// Load Balancers, "Health checks for … target groups".
struct HealthCheck {
  private let members: [String: Document]

  /// - Parameter group: the properties of the group.
  init(of group: Document) {
    let isFunction = group["TargetType"] == "lambda"
    let isGateway = group["Protocol"] == "GENEVE"
    let isApplication = ["HTTP", "HTTPS"].contains(group["Protocol"])
    let isOfCalls = group["ProtocolVersion"] == "GRPC"
    let standard: Document =
      isApplication || group["TargetType"] == "alb" ? "HTTP" : isFunction ? .null : "TCP"
    let check = group["HealthCheckProtocol"] ?? standard
    members = [
      "HealthCheckEnabled": .bool(!isFunction),
      "HealthCheckIntervalSeconds": isFunction ? 35 : isGateway ? 10 : 30,
      "HealthCheckPath": isOfCalls ? "/AWS.ALB/healthcheck" : "/",
      "HealthCheckPort": isGateway ? "80" : "traffic-port",
      "HealthCheckProtocol": standard,
      "HealthCheckTimeoutSeconds": isFunction
        ? 30 : isApplication || isGateway ? 5 : check == "HTTP" ? 6 : 10,
      "HealthyThresholdCount": 5,
      "Matcher": isOfCalls
        ? ["GrpcCode": "12"] : ["HttpCode": isFunction || isApplication ? "200" : "200-399"],
      "UnhealthyThresholdCount": 2,
    ]
  }

  subscript(_ property: String) -> Document? { members[property] }
}
