/// The type of a template parameter.
/// Source: CloudFormation User Guide, "CloudFormation template Parameters syntax" and "…-supplied
/// parameter types".
struct ParameterType: Hashable {
  enum Element: Hashable {
    case string
    case number
    /// An id or a name of something in AWS, `AWS::EC2::VPC::Id`, with the prefix that all have.
    case awsValue(type: String, prefix: String)
  }

  var element: Element
  var isList: Bool
  /// The value is the name of an SSM parameter, which holds the real one.
  var isStored: Bool
  /// As it is written, `List<AWS::EC2::Subnet::Id>`.
  var name: String

  init?(_ name: String) {
    self.name = name
    let stored = "AWS::SSM::Parameter::Value<"
    isStored = name.hasPrefix(stored) && name.hasSuffix(">")
    let inner = isStored ? String(name.dropFirst(stored.count).dropLast()) : name
    if inner == "CommaDelimitedList" || isStored && inner == "List<String>" {
      (element, isList) = (.string, true)
      return
    }
    isList = inner.hasPrefix("List<") && inner.hasSuffix(">")
    let base = isList ? String(inner.dropFirst(5).dropLast()) : inner
    switch base {
    case "String" where !isList: element = .string
    case "Number" where !isStored: element = .number
    default:
      guard let prefix = Self.awsTypes[base] else { return nil }
      element = .awsValue(type: base, prefix: prefix)
    }
  }

  private static let awsTypes = [
    "AWS::EC2::AvailabilityZone::Name": "", "AWS::EC2::Image::Id": "ami-",
    "AWS::EC2::Instance::Id": "i-", "AWS::EC2::KeyPair::KeyName": "",
    "AWS::EC2::SecurityGroup::GroupName": "", "AWS::EC2::SecurityGroup::Id": "sg-",
    "AWS::EC2::Subnet::Id": "subnet-", "AWS::EC2::VPC::Id": "vpc-",
    "AWS::EC2::Volume::Id": "vol-", "AWS::Route53::HostedZone::Id": "",
    "AWS::SSM::Parameter::Name": "",
  ]

  /// What can be written, for the nearest spelling.
  static let names =
    ["String", "Number", "List<Number>", "CommaDelimitedList"]
    + awsTypes.keys + awsTypes.keys.map { "List<\($0)>" }
    + (["String", "List<String>", "CommaDelimitedList"] + awsTypes.keys
    + awsTypes.keys.map { "List<\($0)>" }).map { "AWS::SSM::Parameter::Value<\($0)>" }

  /// Why a text cannot be an element; `nil` where it can.
  func problem(with text: String) -> String? {
    switch element {
    case .string: return nil
    case .number: return Double(text) == nil ? "must be a number" : nil
    case .awsValue(_, let prefix):
      if text.isEmpty { return "must be a value of type \(name)" }
      return text.hasPrefix(prefix) ? nil : "must begin with \(prefix) (\(name))"
    }
  }
}
