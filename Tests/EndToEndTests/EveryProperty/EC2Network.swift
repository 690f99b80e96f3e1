/// EC2: the ways in and out of a network, all properties, in all forms.
extension EveryProperty {
  /// Gateways of each kind, and where they are attached; and what a VPC tells its hosts by DHCP.
  static let gateways = """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
    "Other": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.2.0.0/16" } },
    "Gateway": {
      "Type": "AWS::EC2::InternetGateway",
      "Properties": { "Tags": [{ "Key": "Name", "Value": "gateway" }] }
    },
    "Attachment": {
      "Type": "AWS::EC2::VPCGatewayAttachment",
      "Properties": { "VpcId": { "Ref": "Vpc" }, "InternetGatewayId": { "Ref": "Gateway" } }
    },
    "ToOffice": {
      "Type": "AWS::EC2::VPCGatewayAttachment",
      "Properties": { "VpcId": { "Ref": "Other" }, "VpnGatewayId": "\(vpnGateway)" }
    },
    "EgressOnly": {
      "Type": "AWS::EC2::EgressOnlyInternetGateway",
      "Properties": {
        "VpcId": { "Ref": "Vpc" }, "Tags": [{ "Key": "Name", "Value": "egress" }]
      }
    },
    "Options": {
      "Type": "AWS::EC2::DHCPOptions",
      "Properties": {
        "DomainName": "corp.example.com", "DomainNameServers": ["10.1.0.3", "AmazonProvidedDNS"],
        "NtpServers": ["10.1.0.4"], "NetbiosNameServers": ["10.1.0.5"], "NetbiosNodeType": 2,
        "Ipv6AddressPreferredLeaseTime": 600, "Tags": [{ "Key": "Name", "Value": "options" }]
      }
    },
    "OptionsAssociation": {
      "Type": "AWS::EC2::VPCDHCPOptionsAssociation",
      "Properties": { "VpcId": { "Ref": "Vpc" }, "DhcpOptionsId": { "Ref": "Options" } }
    }
    """

  /// Stands for a virtual private gateway that somebody else has made.
  static let vpnGateway = "VPN-GATEWAY"

  /// Addresses, and gateways that use them.
  static let nat = """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
    "Subnet": {
      "Type": "AWS::EC2::Subnet",
      "Properties": {
        "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.1.1.0/24", "AvailabilityZone": "us-east-1a"
      }
    },
    "Address": {
      "Type": "AWS::EC2::EIP",
      "Properties": {
        "Domain": "vpc", "NetworkBorderGroup": "us-east-1", "PublicIpv4Pool": "amazon",
        "InstanceId": "i-0123456789abcdef0",
        "Tags": [{ "Key": "Name", "Value": "address" }]
      }
    },
    "OwnAddress": {
      "Type": "AWS::EC2::EIP",
      "Properties": { "Address": "203.0.113.7", "IpamPoolId": "ipam-pool-0123456789abcdef0" }
    },
    "First": { "Type": "AWS::EC2::EIP" },
    "Second": { "Type": "AWS::EC2::EIP" },
    "Third": { "Type": "AWS::EC2::EIP" },
    "Gateway": {
      "Type": "AWS::EC2::NatGateway",
      "Properties": {
        "SubnetId": { "Ref": "Subnet" }, "ConnectivityType": "public",
        "AvailabilityMode": "zonal", "MaxDrainDurationSeconds": 400,
        "AllocationId": { "Fn::GetAtt": ["First", "AllocationId"] },
        "PrivateIpAddress": "10.1.1.10",
        "SecondaryAllocationIds": [{ "Fn::GetAtt": ["Second", "AllocationId"] }],
        "SecondaryPrivateIpAddresses": ["10.1.1.11"],
        "Tags": [{ "Key": "Name", "Value": "nat" }]
      }
    },
    "Inside": {
      "Type": "AWS::EC2::NatGateway",
      "Properties": {
        "SubnetId": { "Ref": "Subnet" }, "ConnectivityType": "private",
        "SecondaryPrivateIpAddressCount": 2
      }
    },
    "Regional": {
      "Type": "AWS::EC2::NatGateway",
      "Properties": {
        "VpcId": { "Ref": "Vpc" }, "AvailabilityMode": "regional",
        "AvailabilityZoneAddresses": [
          { "AvailabilityZone": "us-east-1a",
            "AllocationIds": [{ "Fn::GetAtt": ["Third", "AllocationId"] }] },
          { "AvailabilityZone": "us-east-1b", "AllocationIds": ["eipalloc-0123456789abcdef0"] }
        ]
      }
    }
    """

  /// A route of each destination and of each target.
  static let routes: String = {
    let targets = [
      ("GatewayId", #"{ "Ref": "Gateway" }"#), ("NatGatewayId", #""nat-0123456789abcdef0""#),
      ("TransitGatewayId", #""tgw-0123456789abcdef0""#),
      ("VpcPeeringConnectionId", #""pcx-0123456789abcdef0""#),
      ("NetworkInterfaceId", #""eni-0123456789abcdef0""#),
      ("InstanceId", #""i-0123456789abcdef0""#),
      ("EgressOnlyInternetGatewayId", #""eigw-0123456789abcdef0""#),
      ("LocalGatewayId", #""lgw-0123456789abcdef0""#),
      ("CarrierGatewayId", #""cagw-0123456789abcdef0""#),
      ("CoreNetworkArn", #""arn:aws:networkmanager::123456789012:core-network/core-network-1""#),
      ("VpcEndpointId", #""vpce-0123456789abcdef0""#),
    ]
    let routes = targets.enumerated().map { index, target in
      let destination =
        target.0 == "EgressOnlyInternetGatewayId"
        ? #""DestinationIpv6CidrBlock": "2001:0DB8::/32""#
        : target.0 == "NatGatewayId"
          ? #""DestinationPrefixListId": "pl-0123456789abcdef0""#
          : #""DestinationCidrBlock": "172.16.\#(index).0/24""#
      return """
        "To\(target.0)": {
          "Type": "AWS::EC2::Route", "DependsOn": "Attachment",
          "Properties": {
            "RouteTableId": { "Ref": "Table" }, \(destination), "\(target.0)": \(target.1)
          }
        }
        """
    }
    return """
      "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
      "Subnet": {
        "Type": "AWS::EC2::Subnet",
        "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.1.1.0/24" }
      },
      "Gateway": { "Type": "AWS::EC2::InternetGateway" },
      "Attachment": {
        "Type": "AWS::EC2::VPCGatewayAttachment",
        "Properties": { "VpcId": { "Ref": "Vpc" }, "InternetGatewayId": { "Ref": "Gateway" } }
      },
      "Table": {
        "Type": "AWS::EC2::RouteTable",
        "Properties": {
          "VpcId": { "Ref": "Vpc" }, "Tags": [{ "Key": "Name", "Value": "table" }]
        }
      },
      "Association": {
        "Type": "AWS::EC2::SubnetRouteTableAssociation",
        "Properties": { "SubnetId": { "Ref": "Subnet" }, "RouteTableId": { "Ref": "Table" } }
      },
      \(routes.joined(separator: ",\n"))
      """
  }()

  /// Rules of their own, ranges of their own, network ACLs.
  static let perimeter = """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
    "Subnet": {
      "Type": "AWS::EC2::Subnet",
      "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.1.1.0/24" }
    },
    "Group": {
      "Type": "AWS::EC2::SecurityGroup",
      "Properties": {
        "GroupDescription": "Has a rule of its own", "VpcId": { "Ref": "Vpc" },
        "SecurityGroupIngress": [
          { "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/8" }
        ],
        "SecurityGroupEgress": [{ "IpProtocol": "-1", "CidrIp": "127.0.0.1/32" }]
      }
    },
    "Peer": {
      "Type": "AWS::EC2::SecurityGroup",
      "Properties": { "GroupDescription": "A peer", "VpcId": { "Ref": "Vpc" } }
    },
    "FromRange": {
      "Type": "AWS::EC2::SecurityGroupIngress",
      "Properties": {
        "GroupId": { "Ref": "Group" }, "IpProtocol": "6", "FromPort": 443, "ToPort": 443,
        "CidrIp": "10.3.0.1/16", "Description": "by number"
      }
    },
    "FromRange6": {
      "Type": "AWS::EC2::SecurityGroupIngress",
      "Properties": {
        "GroupId": { "Ref": "Group" }, "IpProtocol": "udp", "FromPort": 53, "ToPort": 53,
        "CidrIpv6": "2001:0DB8:0::/32"
      }
    },
    "FromPeer": {
      "Type": "AWS::EC2::SecurityGroupIngress",
      "Properties": {
        "GroupId": { "Ref": "Group" }, "IpProtocol": "-1",
        "SourceSecurityGroupId": { "Fn::GetAtt": ["Peer", "GroupId"] },
        "SourceSecurityGroupOwnerId": { "Ref": "AWS::AccountId" }
      }
    },
    "FromList": {
      "Type": "AWS::EC2::SecurityGroupIngress",
      "Properties": {
        "GroupId": { "Ref": "Group" }, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
        "SourcePrefixListId": "pl-0123456789abcdef0"
      }
    },
    "ToRange": {
      "Type": "AWS::EC2::SecurityGroupEgress",
      "Properties": {
        "GroupId": { "Ref": "Group" }, "IpProtocol": "icmp", "FromPort": 8, "ToPort": -1,
        "CidrIp": "0.0.0.0/0", "Description": "pings"
      }
    },
    "ToRange6": {
      "Type": "AWS::EC2::SecurityGroupEgress",
      "Properties": { "GroupId": { "Ref": "Group" }, "IpProtocol": "-1", "CidrIpv6": "::/0" }
    },
    "ToPeer": {
      "Type": "AWS::EC2::SecurityGroupEgress",
      "Properties": {
        "GroupId": { "Ref": "Group" }, "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432,
        "DestinationSecurityGroupId": { "Fn::GetAtt": ["Peer", "GroupId"] }
      }
    },
    "ToList": {
      "Type": "AWS::EC2::SecurityGroupEgress",
      "Properties": {
        "GroupId": { "Ref": "Group" }, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
        "DestinationPrefixListId": "pl-0123456789abcdef0"
      }
    },
    "Range": {
      "Type": "AWS::EC2::VPCCidrBlock",
      "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.5.0.1/16" }
    },
    "RangeOfAmazon": {
      "Type": "AWS::EC2::VPCCidrBlock",
      "Properties": {
        "VpcId": { "Ref": "Vpc" }, "AmazonProvidedIpv6CidrBlock": true,
        "Ipv6CidrBlockNetworkBorderGroup": "us-east-1"
      }
    },
    "RangeOfOurs": {
      "Type": "AWS::EC2::VPCCidrBlock",
      "Properties": {
        "VpcId": { "Ref": "Vpc" }, "Ipv6CidrBlock": "2001:0DB8:1::/56",
        "Ipv6Pool": "ipv6pool-ec2-0123456789abcdef0"
      }
    },
    "Acl": {
      "Type": "AWS::EC2::NetworkAcl",
      "Properties": { "VpcId": { "Ref": "Vpc" }, "Tags": [{ "Key": "Name", "Value": "acl" }] }
    },
    "In": {
      "Type": "AWS::EC2::NetworkAclEntry",
      "Properties": {
        "NetworkAclId": { "Ref": "Acl" }, "RuleNumber": 100, "Protocol": 6, "RuleAction": "allow",
        "CidrBlock": "10.0.0.1/8", "PortRange": { "From": 443, "To": 444 }
      }
    },
    "Out": {
      "Type": "AWS::EC2::NetworkAclEntry",
      "Properties": {
        "NetworkAclId": { "Ref": "Acl" }, "RuleNumber": 100, "Protocol": 58, "Egress": true,
        "RuleAction": "deny", "Ipv6CidrBlock": "2001:0DB8::/32", "Icmp": { "Type": 128, "Code": -1 }
      }
    },
    "Association": {
      "Type": "AWS::EC2::SubnetNetworkAclAssociation",
      "Properties": { "SubnetId": { "Ref": "Subnet" }, "NetworkAclId": { "Ref": "Acl" } }
    }
    """

  /// Endpoints of each type, and flow logs to each destination.
  static let endpoints = """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
    "A": {
      "Type": "AWS::EC2::Subnet",
      "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.1.1.0/24" }
    },
    "B": {
      "Type": "AWS::EC2::Subnet",
      "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.1.2.0/24" }
    },
    "Group": {
      "Type": "AWS::EC2::SecurityGroup",
      "Properties": { "GroupDescription": "To endpoints", "VpcId": { "Ref": "Vpc" } }
    },
    "Table": { "Type": "AWS::EC2::RouteTable", "Properties": { "VpcId": { "Ref": "Vpc" } } },
    "Gateway": {
      "Type": "AWS::EC2::VPCEndpoint",
      "Properties": {
        "VpcId": { "Ref": "Vpc" }, "ServiceName": "com.amazonaws.us-east-1.s3",
        "RouteTableIds": [{ "Ref": "Table" }],
        "PolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*" }
          ]
        },
        "Tags": [{ "Key": "Name", "Value": "s3" }]
      }
    },
    "Interface": {
      "Type": "AWS::EC2::VPCEndpoint",
      "Properties": {
        "VpcId": { "Ref": "Vpc" }, "ServiceName": "com.amazonaws.us-east-1.ssm",
        "VpcEndpointType": "Interface", "PrivateDnsEnabled": true, "IpAddressType": "dualstack",
        "ServiceRegion": "us-east-1",
        "DnsOptions": {
          "DnsRecordIpType": "dualstack",
          "PrivateDnsOnlyForInboundResolverEndpoint": "OnlyInboundResolver"
        },
        "SubnetIds": [{ "Ref": "B" }, { "Ref": "A" }],
        "SecurityGroupIds": [{ "Fn::GetAtt": ["Group", "GroupId"] }]
      }
    },
    "Lattice": {
      "Type": "AWS::EC2::VPCEndpoint",
      "Properties": {
        "VpcId": { "Ref": "Vpc" }, "VpcEndpointType": "ServiceNetwork",
        "ServiceNetworkArn": "arn:aws:vpc-lattice:us-east-1:123456789012:servicenetwork/sn-1",
        "SubnetIds": [{ "Ref": "A" }],
        "DnsOptions": {
          "PrivateDnsPreference": "SPECIFIED_DOMAINS_ONLY",
          "PrivateDnsSpecifiedDomains": ["example.com", "example.org"]
        }
      }
    },
    "Resource": {
      "Type": "AWS::EC2::VPCEndpoint",
      "Properties": {
        "VpcId": { "Ref": "Vpc" }, "VpcEndpointType": "Resource",
        "ResourceConfigurationArn":
          "arn:aws:vpc-lattice:us-east-1:123456789012:resourceconfiguration/rcfg-1",
        "SubnetIds": [{ "Ref": "A" }]
      }
    },
    "Logs": { "Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Delete" },
    "Role": {
      "Type": "AWS::IAM::Role",
      "Properties": {
        "AssumeRolePolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow", "Action": "sts:AssumeRole",
              "Principal": { "Service": "vpc-flow-logs.amazonaws.com" } }
          ]
        }
      }
    },
    "Bucket": { "Type": "AWS::S3::Bucket", "DeletionPolicy": "Delete" },
    "ToLogs": {
      "Type": "AWS::EC2::FlowLog",
      "Properties": {
        "ResourceType": "VPC", "ResourceId": { "Ref": "Vpc" }, "TrafficType": "REJECT",
        "LogGroupName": { "Ref": "Logs" }, "MaxAggregationInterval": 60,
        "DeliverLogsPermissionArn": { "Fn::GetAtt": ["Role", "Arn"] },
        "DeliverCrossAccountRole": "arn:aws:iam::210987654321:role/deliver",
        "LogFormat": "${version} ${vpc-id}",
        "Tags": [{ "Key": "Name", "Value": "flow" }]
      }
    },
    "ToBucket": {
      "Type": "AWS::EC2::FlowLog",
      "Properties": {
        "ResourceType": "Subnet", "ResourceId": { "Ref": "A" }, "TrafficType": "ALL",
        "LogDestinationType": "s3", "LogDestination": { "Fn::GetAtt": ["Bucket", "Arn"] },
        "DestinationOptions": {
          "FileFormat": "parquet", "HiveCompatiblePartitions": true, "PerHourPartition": true
        }
      }
    }
    """
}

extension EveryProperty {
  /// `gateways` with a virtual private gateway that was made by hand.
  static func withVPNGateway(_ test: EndToEndTestCase) throws -> String {
    let made = try test.endpoint.aws("ec2", "create_vpn_gateway", ["Type": "ipsec.1"])
    let id = made["VpnGateway"]["VpnGatewayId"].string ?? ""
    return gateways.replacingOccurrences(of: vpnGateway, with: id)
  }
}
