package org.example.visits;

import io.kappamesh.topology.StreamingProduct;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** A web service that serves a data product beside its pages. */
@SpringBootApplication
public class VisitsService {
    public static void main(String[] arguments) {
        SpringApplication.run(VisitsService.class, arguments);
    }

    /** Starts and stops with the service. */
    @Bean
    StreamingProduct dailyViews() {
        return Visits.dailyViews();
    }
}
