/// Systems Manager: all properties, in all forms.
extension EveryProperty {
  static let parameters = #"""
    "Parameter": {
      "Type": "AWS::SSM::Parameter",
      "Properties": {
        "Name": "/acme/a-declared-parameter",
        "Type": "String",
        "Value": "ami-12345678",
        "Description": "All properties of a parameter",
        "AllowedPattern": "^ami-[0-9a-f]+$",
        "DataType": "aws:ec2:image",
        "Tier": "Advanced",
        "Policies": "[{\"Type\":\"ExpirationNotification\",\"Version\":\"1.0\",\"Attributes\":{\"Before\":\"15\",\"Unit\":\"Days\"}}]",
        "Tags": { "Name": "parameter" }
      }
    },
    "List": {
      "Type": "AWS::SSM::Parameter",
      "Properties": { "Type": "StringList", "Value": "a,b,c", "Tier": "Intelligent-Tiering" }
    },
    "Flat": {
      "Type": "AWS::SSM::Parameter",
      "Properties": { "Name": "flat", "Type": "String", "Value": "1" }
    }
    """#
}
