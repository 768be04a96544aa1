mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_resource "aws_cognito_user_pool" {
    defaults = {
      id       = "us-east-1_abcdefghi"
      arn      = "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_abcdefghi"
      endpoint = "cognito-idp.us-east-1.amazonaws.com/us-east-1_abcdefghi"
    }
  }
}

variables {
  name     = "chirp"
  password = { min_length = 10 }
}

run "verifies_the_mail_address_and_asks_for_a_long_password" {
  command = apply

  assert {
    condition     = aws_cognito_user_pool.this.auto_verified_attributes == toset(["email"]) && aws_cognito_user_pool.this.account_recovery_setting[0].recovery_mechanism == toset([{ name = "verified_email", priority = 1 }])
    error_message = "The e-mail address must be verified, and be the way back to a lost account."
  }

  assert {
    condition     = aws_cognito_user_pool.this.password_policy[0].minimum_length == 10 && !aws_cognito_user_pool.this.password_policy[0].require_symbols
    error_message = "The password's least length must be as given."
  }

  assert {
    condition     = !aws_cognito_user_pool.this.username_configuration[0].case_sensitive
    error_message = "Two users may not differ by the case of their names alone."
  }

  assert {
    condition     = aws_cognito_user_pool.this.deletion_protection == "ACTIVE" && aws_cognito_user_pool.this.user_pool_tier == "LITE"
    error_message = "The pool must refuse to be deleted, and be of the plan without what costs more."
  }
}

run "lets_users_log_in_by_password_without_telling_who_exists" {
  command = apply

  assert {
    condition     = aws_cognito_user_pool_client.this.explicit_auth_flows == toset(["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]) && !aws_cognito_user_pool_client.this.generate_secret
    error_message = "The client must log in by password and refresh, without a secret."
  }

  assert {
    condition     = aws_cognito_user_pool_client.this.prevent_user_existence_errors == "ENABLED" && aws_cognito_user_pool_client.this.enable_token_revocation
    error_message = "Nobody may learn who has an account, and tokens must be revocable."
  }

  assert {
    condition     = aws_cognito_user_pool_client.this.access_token_validity == 60 && aws_cognito_user_pool_client.this.token_validity_units[0].access_token == "minutes"
    error_message = "Access tokens must be good for an hour."
  }

  assert {
    condition     = !aws_cognito_user_pool_client.this.allowed_oauth_flows_user_pool_client && length(aws_cognito_user_pool_domain.this) == 0
    error_message = "Without a callback there must be no hosted pages."
  }
}

run "tells_what_an_authorizer_needs" {
  command = apply

  assert {
    condition = {
      issuer = output.issuer, client_id = output.client_id, user_pool_id = output.user_pool_id
      } == {
      issuer    = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abcdefghi"
      client_id = aws_cognito_user_pool_client.this.id, user_pool_id = "us-east-1_abcdefghi"
    }
    error_message = "Issuer and client must be told."
  }
}

run "serves_hosted_pages_that_lead_back" {
  command = apply

  variables {
    callback_urls = ["https://chirp.example/"]
  }

  assert {
    condition     = aws_cognito_user_pool_client.this.allowed_oauth_flows == toset(["code"]) && aws_cognito_user_pool_client.this.callback_urls == toset(["https://chirp.example/"])
    error_message = "Hosted pages must lead back by a code alone."
  }

  assert {
    condition     = output.domain == "chirp-111122223333"
    error_message = "Hosted pages need a domain."
  }
}

run "mails_by_an_identity_of_ses" {
  command = apply

  variables {
    sender = { ses_identity_arn = "arn:aws:ses:us-east-1:111122223333:identity/chirp.example", from = "Chirp <hello@chirp.example>" }
  }

  assert {
    condition     = aws_cognito_user_pool.this.email_configuration[0].email_sending_account == "DEVELOPER" && aws_cognito_user_pool.this.email_configuration[0].from_email_address == "Chirp <hello@chirp.example>"
    error_message = "Mails must be sent by the identity."
  }
}

run "can_ask_for_a_second_factor" {
  command = apply

  variables {
    mfa = "OPTIONAL"
  }

  assert {
    condition     = aws_cognito_user_pool.this.mfa_configuration == "OPTIONAL" && aws_cognito_user_pool.this.software_token_mfa_configuration[0].enabled
    error_message = "A time-based code must be possible."
  }
}

run "rejects_a_name_that_no_domain_takes" {
  command = plan

  variables {
    name = "my-aws-app"
  }

  expect_failures = [var.name]
}

run "rejects_a_short_password" {
  command = plan

  variables {
    password = { min_length = 6 }
  }

  expect_failures = [var.password]
}

run "rejects_a_callback_in_clear" {
  command = plan

  variables {
    callback_urls = ["http://chirp.example/"]
  }

  expect_failures = [var.callback_urls]
}

run "rejects_what_cognito_lacks" {
  command = plan

  variables {
    tier          = "FREE"
    mfa           = "SMS"
    token_minutes = 1
    refresh_days  = 0
    sender        = { ses_identity_arn = "chirp.example", from = "hello@chirp.example" }
  }

  expect_failures = [var.tier, var.mfa, var.token_minutes, var.refresh_days, var.sender]
}
