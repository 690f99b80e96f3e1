/// EC2: all properties, in all forms.
extension EveryProperty {
  /// VPCs of a declared range and of a pool.
  static let vpc = """
    "Vpc": {
      "Type": "AWS::EC2::VPC",
      "Properties": {
        "CidrBlock": "10.1.0.0/16",
        "EnableDnsSupport": true,
        "EnableDnsHostnames": true,
        "InstanceTenancy": "dedicated",
        "Tags": [{ "Key": "Name", "Value": "a name, with: punctuation / and = signs" }]
      }
    },
    "Quiet": {
      "Type": "AWS::EC2::VPC",
      "Properties": { "CidrBlock": "10.2.0.0/16", "EnableDnsSupport": false }
    },
    "FromAPool": {
      "Type": "AWS::EC2::VPC",
      "Properties": { "Ipv4IpamPoolId": "ipam-pool-0123456789abcdef0", "Ipv4NetmaskLength": 20 }
    }
    """

  /// Subnets by zone, by zone id, on an outpost, of IPv6 alone and of pools.
  static let subnet = """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
    "Subnet": {
      "Type": "AWS::EC2::Subnet",
      "Properties": {
        "VpcId": { "Ref": "Vpc" },
        "CidrBlock": "10.1.4.0/24",
        "AvailabilityZone": "us-east-1b",
        "Ipv6CidrBlock": "\(ipv6Prefix)0::/64",
        "AssignIpv6AddressOnCreation": true,
        "MapPublicIpOnLaunch": true,
        "EnableDns64": true,
        "EnableLniAtDeviceIndex": 1,
        "PrivateDnsNameOptionsOnLaunch": {
          "HostnameType": "resource-name",
          "EnableResourceNameDnsARecord": true,
          "EnableResourceNameDnsAAAARecord": true
        },
        "Tags": [{ "Key": "Name", "Value": "b" }]
      }
    },
    "ByZoneId": {
      "Type": "AWS::EC2::Subnet",
      "Properties": {
        "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.1.5.0/24", "AvailabilityZoneId": "use1-az1"
      }
    },
    "OnAnOutpost": {
      "Type": "AWS::EC2::Subnet",
      "Properties": {
        "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.1.6.0/24", "AvailabilityZone": "us-east-1a",
        "OutpostArn": "arn:aws:outposts:us-east-1:123456789012:outpost/op-0123456789abcdef0"
      }
    },
    "Native": {
      "Type": "AWS::EC2::Subnet",
      "Properties": {
        "VpcId": { "Ref": "Vpc" }, "AvailabilityZone": "us-east-1a", "Ipv6Native": true,
        "Ipv6CidrBlock": "\(ipv6Prefix)1::/64"
      }
    },
    "FromPools": {
      "Type": "AWS::EC2::Subnet",
      "Properties": {
        "VpcId": { "Ref": "Vpc" }, "AvailabilityZone": "us-east-1a",
        "Ipv4IpamPoolId": "ipam-pool-0123456789abcdef0", "Ipv4NetmaskLength": 26,
        "Ipv6IpamPoolId": "ipam-pool-0123456789abcdef1", "Ipv6NetmaskLength": 64
      }
    }
    """

  /// All forms of a rule, both ways.
  static let securityGroup = """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
    "Peer": {
      "Type": "AWS::EC2::SecurityGroup",
      "Properties": { "GroupDescription": "A peer", "VpcId": { "Ref": "Vpc" } }
    },
    "Group": {
      "Type": "AWS::EC2::SecurityGroup",
      "Properties": {
        "GroupName": "a-declared-name",
        "GroupDescription": "All forms of a rule",
        "VpcId": { "Ref": "Vpc" },
        "SecurityGroupIngress": [
          { "IpProtocol": "tcp", "FromPort": 80, "ToPort": 81, "CidrIp": "10.0.0.0/8" },
          { "IpProtocol": "6", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.1/32",
            "Description": "by number" },
          { "IpProtocol": "udp", "FromPort": 53, "ToPort": 53,
            "CidrIpv6": "2001:0db8:0:0::/32" },
          { "IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "CidrIp": "0.0.0.0/0" },
          { "IpProtocol": "-1",
            "SourceSecurityGroupId": { "Fn::GetAtt": ["Peer", "GroupId"] },
            "SourceSecurityGroupOwnerId": { "Ref": "AWS::AccountId" },
              "Description": "the peer" },
          { "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
            "SourcePrefixListId": "pl-0123456789abcdef0", "Description": "a list" }
        ],
        "SecurityGroupEgress": [
          { "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432,
            "DestinationSecurityGroupId": { "Fn::GetAtt": ["Peer", "GroupId"] } },
          { "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
            "DestinationPrefixListId": "pl-0123456789abcdef0" },
          { "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv6": "::/0",
              "Description": "anywhere" },
            { "IpProtocol": "50", "CidrIp": "192.0.2.0/24", "FromPort": -1, "ToPort": -1 }
        ],
        "Tags": [{ "Key": "Name", "Value": "group" }]
      }
    },
    "NoEgress": {
      "Type": "AWS::EC2::SecurityGroup",
      "Properties": {
        "GroupDescription": "Loopback only is the custom for none",
        "VpcId": { "Ref": "Vpc" },
        "SecurityGroupEgress": [{ "IpProtocol": "-1", "CidrIp": "127.0.0.1/32" }]
      }
    }
    """
}
