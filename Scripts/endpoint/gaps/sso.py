"""IAM Identity Center's portal, which moto does not have: `sso` and `sso-oidc`, both unsigned.

The one access token that is valid is "sso-token"; the refresh token "sso-refresh" gives it.
"""

import time

from gaps import answers
from wire import AWSError


@answers("sso:GetRoleCredentials")
def role_credentials(call):
    if call.params["accessToken"] != "sso-token":
        raise AWSError("UnauthorizedException", "Session token not found or invalid", 401)
    return {
        "roleCredentials": {
            "accessKeyId": f"ASIA{call.params['accountId']}SSO1",
            "secretAccessKey": "test-secret",
            "sessionToken": "test-session-token",
            "expiration": int((time.time() + 3600) * 1000),
        }
    }


@answers("sso-oidc:CreateToken")
def token(call):
    if call.params["grantType"] != "refresh_token" or call.params["refreshToken"] != "sso-refresh":
        raise AWSError("InvalidGrantException", "Invalid grant provided", 400)
    return {
        "accessToken": "sso-token",
        "tokenType": "Bearer",
        "expiresIn": 28800,
        "refreshToken": "sso-refresh-2",
    }
