/// Types as other tools call them, and what they are here.
enum TerraformType {
  static func isOne(_ word: String) -> Bool {
    ["aws_", "awscc_"].contains { word.hasPrefix($0) }
  }

  /// What is meant by a type that is none of CloudFormation's: `; here it is AWS::EC2::VPC`.
  static func hint(_ type: String, among types: [String]) -> String? {
    if isOne(type) {
      let name = String(type.drop { $0 != "_" }.dropFirst())
      if let special = special[name] { return "; here it is \(special)" }
      let squeezed = name.replacing("_", with: "")
      if let known = types.first(where: { names(of: $0).contains(squeezed) }) {
        return "; here it is \(known)"
      }
      if name.hasPrefix("s3_bucket_") { return "; here it is a property of AWS::S3::Bucket" }
      return "; types are CloudFormation's here, such as AWS::EC2::VPC: trueup kinds lists them"
    }
    if type.hasPrefix("AWS::Serverless::") {
      return "; it is the Serverless Application Model's: write out what its transform makes"
    }
    let others = [
      "google_": "Google Cloud", "azurerm_": "Azure", "kubernetes_": "Kubernetes",
    ]
    for (prefix, tool) in others
    where type.hasPrefix(prefix) {
      return "; that is \(tool): Trueup looks after AWS alone"
    }
    // `aws:ec2/vpc:Vpc` and `ec2.Vpc`.
    let last = type.split(whereSeparator: { ":./".contains($0) }).last.map { $0.lowercased() } ?? ""
    let isPath = type.contains { ":./".contains($0) }
    guard !type.contains("::"), isPath || last == type.lowercased()
    else { return nil }
    return types.first { names(of: $0).contains(last) }.map { "; here it is \($0)" }
  }

  /// `vpc` and `ec2vpc` of `AWS::EC2::VPC`.
  private static func names(of type: String) -> [String] {
    let parts = type.lowercased().split(separator: ":", omittingEmptySubsequences: true)
    guard parts.count == 3 else { return [] }
    return [String(parts[2]), String(parts[1] + parts[2])]
  }

  /// Source: the resources of Terraform's AWS provider that are called otherwise in CloudFormation.
  private static let special = [
    "route53_zone": "AWS::Route53::HostedZone",
    "route53_record": "AWS::Route53::RecordSet",
    "cloudwatch_log_group": "AWS::Logs::LogGroup",
    "cloudwatch_log_metric_filter": "AWS::Logs::MetricFilter",
    "cloudwatch_metric_alarm": "AWS::CloudWatch::Alarm",
    "route_table_association": "AWS::EC2::SubnetRouteTableAssociation",
    "network_acl_association": "AWS::EC2::SubnetNetworkAclAssociation",
    "network_acl_rule": "AWS::EC2::NetworkAclEntry",
    "security_group_rule": "AWS::EC2::SecurityGroupIngress or AWS::EC2::SecurityGroupEgress",
    "vpc_security_group_ingress_rule": "AWS::EC2::SecurityGroupIngress",
    "vpc_security_group_egress_rule": "AWS::EC2::SecurityGroupEgress",
    "internet_gateway_attachment": "AWS::EC2::VPCGatewayAttachment",
    "vpc_dhcp_options": "AWS::EC2::DHCPOptions",
    "vpc_dhcp_options_association": "AWS::EC2::VPCDHCPOptionsAssociation",
    "vpc_ipv4_cidr_block_association": "AWS::EC2::VPCCidrBlock",
    "vpc_ipv6_cidr_block_association": "AWS::EC2::VPCCidrBlock",
    "eip_association": "a property of AWS::EC2::EIP",
    "iam_policy": "AWS::IAM::ManagedPolicy",
    "iam_role_policy_attachment": "\"ManagedPolicyArns\" of AWS::IAM::Role",
    "iam_openid_connect_provider": "AWS::IAM::OIDCProvider",
    "iam_policy_document": "the policy itself, as JSON, in the property that takes it",
    "sns_topic_subscription": "AWS::SNS::Subscription",
    "secretsmanager_secret_version": "\"SecretString\" of AWS::SecretsManager::Secret",
    "kms_key_policy": "\"KeyPolicy\" of AWS::KMS::Key",
    "default_vpc": "AWS::EC2::VPC, adopted by its id",
  ]
}
