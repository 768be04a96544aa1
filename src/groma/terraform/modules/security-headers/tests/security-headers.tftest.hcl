mock_provider "aws" {}

variables {
  name            = "chirp"
  connect_sources = ["https://chirp-media-111122223333.s3.us-east-1.amazonaws.com"]
}

run "guards_pages" {
  command = apply

  assert {
    condition = alltrue([
      for part in ["default-src 'none'", "script-src 'self'", "connect-src 'self' https://chirp-media-111122223333.s3.us-east-1.amazonaws.com", "frame-ancestors 'none'"] :
      contains(split("; ", aws_cloudfront_response_headers_policy.this.security_headers_config[0].content_security_policy[0].content_security_policy), part)
    ])
    error_message = "Pages may run their own scripts alone, and send to their own origin and the uploads'."
  }

  assert {
    condition     = aws_cloudfront_response_headers_policy.this.security_headers_config[0].strict_transport_security[0].access_control_max_age_sec == 31536000 && aws_cloudfront_response_headers_policy.this.security_headers_config[0].frame_options[0].frame_option == "DENY"
    error_message = "Pages must be asked for over HTTPS alone, and stand in no frame."
  }
}

run "sends_to_the_site_alone_by_default" {
  command = apply

  variables {
    connect_sources = []
  }

  assert {
    condition     = strcontains(output.content_security_policy, "; connect-src 'self'; ")
    error_message = "Without other sources pages may send to the site alone."
  }
}

run "rejects_a_source_that_is_no_host" {
  command = plan

  variables {
    connect_sources = ["'unsafe-inline'"]
  }

  expect_failures = [var.connect_sources]
}

run "rejects_a_name_that_no_policy_takes" {
  command = plan

  variables {
    name = "chirp example"
  }

  expect_failures = [var.name]
}
