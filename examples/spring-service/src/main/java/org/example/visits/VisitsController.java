package org.example.visits;

import io.kappamesh.query.TableNotReadyException;
import io.kappamesh.spring.MeshProducts;
import java.net.URI;
import java.time.LocalDate;
import org.apache.kafka.streams.state.HostInfo;
import org.example.visits.dailyviews.v1.DailyViews;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The published table over HTTP. A day that another instance holds is redirected to that one. */
@RestController
class VisitsController {
    private final MeshProducts products;

    VisitsController(MeshProducts products) {
        this.products = products;
    }

    record ViewsOfDay(LocalDate day, long views) {
        static ViewsOfDay of(DailyViews row) {
            return new ViewsOfDay(row.getDay(), row.getViews());
        }
    }

    /** 404 where nobody looked at a page that day; 307 to the instance that knows. */
    @GetMapping("/visits/{day}")
    ResponseEntity<ViewsOfDay> day(@PathVariable LocalDate day) {
        return products.table(Visits.DAILY_VIEWS)
                .get(day.toString())
                .fold(row -> ResponseEntity.of(row.map(ViewsOfDay::of)), server -> redirect(server, day));
    }

    private static ResponseEntity<ViewsOfDay> redirect(HostInfo server, LocalDate day) {
        return ResponseEntity.status(HttpStatus.TEMPORARY_REDIRECT)
                .location(URI.create("http://" + server.host() + ":" + server.port() + "/visits/" + day))
                .build();
    }

    /** While days move between instances. */
    @ExceptionHandler
    ResponseEntity<String> notReady(TableNotReadyException why) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, "1")
                .body(why.getMessage());
    }
}
